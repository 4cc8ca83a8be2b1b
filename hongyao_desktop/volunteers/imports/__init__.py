"""Import targets of the volunteers room: rosters (花名册), hours sheets (时长登记表) and spot reports (随手拍)."""
