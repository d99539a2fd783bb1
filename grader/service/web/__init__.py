"""The web: routes, headers, pages and the API."""
