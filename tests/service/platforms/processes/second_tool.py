"""Checks with JupyterHub's own LTI code what a platform sent to a tool.

It reads JSON with `login`, `form`, `issuer`, `client_id` and `jwks` from standard input, and prints
the claims that it accepts; what it refuses ends it with an error.
"""

import json
import sys

from ltiauthenticator.lti13.validator import LTI13LaunchValidator

sent = json.load(sys.stdin)
validator = LTI13LaunchValidator()
validator.validate_login_request(sent["login"])
validator.validate_auth_response(sent["form"])
claims = validator.verify_and_decode_jwt(
    sent["form"]["id_token"],
    sent["issuer"],
    sent["client_id"],
    sent["jwks"],
    ["RS256"],
)
validator.validate_id_token(claims)
validator.validate_azp_claim(claims, [sent["client_id"]])
print(json.dumps(claims))  # noqa: T201 - what the test reads
