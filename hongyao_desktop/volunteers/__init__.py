"""志愿积分: volunteers, activities, service hours, points and spot reports (随手拍)."""
