// Register
