"""Every write: one public function = one transaction. Services do not call services."""
