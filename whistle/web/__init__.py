"""HTTP only: pages, forms, headers and sessions. What is decided is decided in services and below."""
