"""`add-platform` and `registration-link`: how a course platform becomes known here."""

from typing import Final
from urllib.parse import urlsplit

import click

from grader.errors import UsageError
from grader.service.data import platforms
from grader.service.data.tokens import Holder, add_token
from grader.service.lti.addresses import origin_of
from grader.service.operating.opened import address, opened
from grader.service.settings import Settings
from grader.vocabulary import count

REGISTRATION_S: Final = 7 * 86400
"""How long a link for registration is good."""
KINDS: Final = (
    "canvas",
    "moodle",
    "openedx",
    "blackboard",
    "brightspace",
    "other",
)
_ADDRESSES: Final = ("authorization_url", "token_url", "jwks_url")
_CANVAS: Final = {
    "issuer": "https://canvas.instructure.com",
    "authorization_url": "https://sso.canvaslms.com/api/lti/authorize_redirect",
    "token_url": "https://sso.canvaslms.com/login/oauth2/token",
    "jwks_url": "https://sso.canvaslms.com/api/lti/security/jwks",
}
"""Of every school whose Canvas Instructure runs; its services are at the school's own address."""
_MOODLE: Final = {
    "authorization_url": "mod/lti/auth.php",
    "token_url": "mod/lti/token.php",
    "jwks_url": "mod/lti/certs.php",
}
"""Below the address of the site, which is the issuer."""


@click.command("add-platform")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="other",
    show_default=True,
    help="Its product. Of `canvas` and `moodle` the addresses are known.",
)
@click.option(
    "--name", help="What students read.  [default: the host of --site]"
)
@click.option(
    "--site",
    metavar="URL",
    help="Where its users go, such as https://school.instructure.com.",
)
@click.option("--client-id", required=True, help="As the platform shows it.")
@click.option(
    "--deployment",
    "deployments",
    multiple=True,
    metavar="ID",
    help="A deployment id; may be repeated.",
)
@click.option("--issuer", metavar="URL")
@click.option("--authorization-url", metavar="URL")
@click.option("--token-url", metavar="URL")
@click.option("--token-audience", metavar="URL")
@click.option("--jwks-url", metavar="URL")
@click.pass_obj
def add_platform(
    settings: Settings,
    /,
    kind: str,
    name: str | None,
    site: str | None,
    client_id: str,
    deployments: tuple[str, ...],
    **given: str | None,
) -> None:
    """Accept launches of a course platform.

    The options take what a platform prints about itself. To change what was
    given before, run the command again with the same issuer and client id.
    """
    addresses = _known(kind, site) | {
        option: value for option, value in given.items() if value is not None
    }
    _require_all(addresses, kind)
    host = urlsplit(site or addresses["issuer"]).hostname or ""
    registered = platforms.Registered(
        name=name or host,
        client_id=client_id,
        kind=kind,
        hosts=[] if site is None else [site],
        **addresses,
    )
    with opened(settings) as database, database.begin() as db:
        platform_id = platforms.add_platform(db, registered)
        for deployment in deployments:
            platforms.add_deployment(db, platform_id, deployment)
        url = address(db, settings)
    click.echo(
        f"{registered.name}: added, with {count(len(deployments), 'deployment')}."
    )
    click.echo("What the platform asks for:")
    for what, path in _OURS:
        click.echo(f"  {what:22}{url}{path}")


_OURS: Final = (
    ("login (OIDC)", "/lti/login"),
    ("launch (redirect)", "/lti/launch"),
    ("public keys (JWKS)", "/lti/jwks"),
    ("deep linking", "/lti/launch"),
    ("Canvas JSON", "/lti/canvas.json"),
)


@click.command("registration-link")
@click.argument("host")
@click.pass_obj
def registration_link(settings: Settings, host: str) -> None:
    """Print a link with which the course platform at HOST connects itself, once, within a week.

    Its administrator gives the link to the platform, as the address for dynamic registration.
    """
    if origin_of(f"https://{host}/") is None or "/" in host:
        raise UsageError(
            f"{host}: is not the host of a platform, such as moodle.uni.example"
        )
    with opened(settings) as database, database.begin() as db:
        key = add_token(
            db, "registration", Holder(label=host), lasts_s=REGISTRATION_S
        )
        url = address(db, settings)
    click.echo(f"{url}/lti/register?key={key}")


def _known(kind: str, site: str | None) -> dict[str, str]:
    """Return the addresses that follow from the product and its site."""
    if site is not None and origin_of(site) is None:
        raise UsageError(
            f"--site {site}: give the platform's address, beginning with https://"
        )
    if kind == "canvas":
        return dict(_CANVAS)
    if kind == "moodle" and site is not None:
        root = site.rstrip("/")
        below = {name: f"{root}/{path}" for name, path in _MOODLE.items()}
        return {"issuer": root, **below}
    return {}


def _require_all(addresses: dict[str, str], kind: str) -> None:
    for name in ("issuer", *_ADDRESSES):
        option = f"--{name.replace('_', '-')}"
        if name not in addresses:
            known = " or --site" if kind == "moodle" else ""
            raise UsageError(
                f"{option}: is missing; give it{known} as the platform prints it"
            )
        if name != "issuer" and origin_of(addresses[name]) is None:
            raise UsageError(
                f"{option} {addresses[name]}: is not an https address"
            )
