"""Papers about single volunteers and activities: boards, notices, sign-in sheets, certificates, files."""
