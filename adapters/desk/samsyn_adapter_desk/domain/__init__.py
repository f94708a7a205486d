"""What the desk knows and says, without web, database or clock."""
