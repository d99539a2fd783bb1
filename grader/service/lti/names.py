"""The names that LTI 1.3 and its services use: claims, roles, scopes, media types.

Sources: LTI Core 1.3, LTI Deep Linking 2.0, LTI Assignment and Grade Services 2.0, LTI Names and
Role Provisioning Services 2.0, LTI Dynamic Registration 1.0, all of 1EdTech (imsglobal.org/spec).
"""

from typing import Final, Literal

Role = Literal["Learner", "Instructor"]

VERSION: Final = "1.3.0"

_LTI: Final = "https://purl.imsglobal.org/spec/lti/claim/"
MESSAGE_TYPE: Final = _LTI + "message_type"
VERSION_CLAIM: Final = _LTI + "version"
DEPLOYMENT_ID: Final = _LTI + "deployment_id"
TARGET_LINK_URI: Final = _LTI + "target_link_uri"
RESOURCE_LINK: Final = _LTI + "resource_link"
CONTEXT: Final = _LTI + "context"
ROLES: Final = _LTI + "roles"
CUSTOM: Final = _LTI + "custom"

RESOURCE_LINK_REQUEST: Final = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST: Final = "LtiDeepLinkingRequest"
DEEP_LINKING_RESPONSE: Final = "LtiDeepLinkingResponse"

_DEEP: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"
DEEP_LINKING_SETTINGS: Final = _DEEP + "deep_linking_settings"
CONTENT_ITEMS: Final = _DEEP + "content_items"
DEEP_LINKING_DATA: Final = _DEEP + "data"

ENDPOINT: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
_GRADES: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCOPE_LINE_ITEM: Final = _GRADES + "lineitem"
SCOPE_LINE_ITEM_READ: Final = _GRADES + "lineitem.readonly"
SCOPE_RESULT: Final = _GRADES + "result.readonly"
SCOPE_SCORE: Final = _GRADES + "score"

NAMES_AND_ROLES: Final = (
    "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
)
SCOPE_MEMBERS: Final = (
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
)
SCOPES: Final = (SCOPE_LINE_ITEM, SCOPE_RESULT, SCOPE_SCORE, SCOPE_MEMBERS)
"""What is asked for at registration."""

MEDIA_LINE_ITEM: Final = "application/vnd.ims.lis.v2.lineitem+json"
MEDIA_LINE_ITEMS: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
MEDIA_RESULTS: Final = "application/vnd.ims.lis.v2.resultcontainer+json"
MEDIA_SCORE: Final = "application/vnd.ims.lis.v1.score+json"
MEDIA_MEMBERS: Final = (
    "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
)

TOOL_CONFIGURATION: Final = (
    "https://purl.imsglobal.org/spec/lti-tool-configuration"
)
PLATFORM_CONFIGURATION: Final = (
    "https://purl.imsglobal.org/spec/lti-platform-configuration"
)
CANVAS_SUBMISSION: Final = "https://canvas.instructure.com/lti/submission"
"""Canvas's own part of a score: when the submission was made (`scores_controller.rb`)."""

_MEMBERSHIP: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership"
_TEACHING: Final = frozenset(
    {
        "Instructor",
        "ContentDeveloper",
        "Administrator",
    }
)


def role_in_course(roles: tuple[str, ...]) -> Role:
    """Return "Instructor" or "Learner", from what somebody is in this course alone.

    Who teaches elsewhere at the institution, or administers it, is a learner here unless the
    course itself says more (LTI Core 1.3, A.2: context roles, with sub-roles).
    """
    return "Instructor" if any(map(_teaches, roles)) else "Learner"


def _teaches(role: str) -> bool:
    if role in _TEACHING:  # deprecated but allowed: the plain name
        return True
    kind, _, name = role.partition("#")
    if kind == _MEMBERSHIP:
        return name in _TEACHING
    principal = kind.removeprefix(_MEMBERSHIP + "/")
    return principal != kind and principal in _TEACHING
