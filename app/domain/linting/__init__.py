"""What keeps the question bank honest: findings on questions, and figures over all of them."""
