from typing import Any

class CSRFError(Exception):
    description: str

def generate_csrf(secret_key: Any = ..., token_key: Any = ...) -> str: ...
