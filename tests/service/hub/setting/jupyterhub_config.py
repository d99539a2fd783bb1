"""A Hub as docs/service.md sets it up, with users who are whoever they say."""

import json
import os

told = json.loads(os.environ["TOLD"])
scope = "access:services!service=grader"

c = get_config()  # noqa: F821 - JupyterHub gives it
c.JupyterHub.bind_url = told["url"]
c.JupyterHub.hub_bind_url = told["hub_url"]
c.JupyterHub.db_url = f"sqlite:///{told['folder']}/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{told['folder']}/cookie_secret"
c.ConfigurableHTTPProxy.command = [told["proxy"]]
c.ConfigurableHTTPProxy.api_url = told["proxy_api"]
c.ConfigurableHTTPProxy.pid_file = f"{told['folder']}/proxy.pid"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = (
    told["folder"] + "/home/{username}"
)
c.Spawner.cmd = [told["python"], "-m", "jupyterhub.singleuser", "--allow-root"]
# A busy machine takes a while to start a server.
c.Spawner.start_timeout = c.Spawner.http_timeout = 240
c.Spawner.default_url = "/api"
c.Spawner.environment = {
    "GRADER_SERVICE_URL": f"{told['url']}/services/grader",
    "JUPYTER_PATH": told["kernels"],
}
c.JupyterHub.services = [
    {
        "name": "grader",
        "url": told["service_url"],
        "command": told["service"],
        "environment": {"PYTHONPATH": os.environ.get("PYTHONPATH", "")},
    },
    {"name": "tests", "api_token": told["token"]},
]
c.JupyterHub.load_roles = [
    {
        "name": "server",
        "scopes": ["users:activity!user", "access:servers!server", scope],
    },
    {"name": "user", "scopes": ["self", scope]},
    {
        "name": "tests",
        "scopes": [
            *("admin:users", "admin:servers", "access:servers", "tokens"),
            scope,
        ],
        "services": ["tests"],
    },
]
