"""What every request meets: the guard at the door, problem documents, who may do what."""
