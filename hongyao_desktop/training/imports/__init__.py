"""Sign-in sheets of training classes (培训签到表) on their way in: head, session columns, marks and people."""
