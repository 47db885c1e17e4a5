"""What people see. Surfaces do no arithmetic."""
