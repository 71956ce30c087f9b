"""Starts a server with an empty store, and holds its answers against its OpenAPI document."""

import collections
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request

from openapi_spec_validator import OpenAPIV31SpecValidator

EMAIL = "fuzz@example.com"
# None of those in the examples of the document, one of which changes the password.
PASSWORD = "a password of the fuzzing"
# Seconds. What hangs longer is a failure.
START_LIMIT = 60
RUN_LIMIT = 420
HERE = pathlib.Path(__file__).parent


class Server:
    """A server of its own, with its store in a directory of its own."""

    def __init__(self, program, directory):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("AUTERITY_")}
        environment.update(
            AUTERITY_RATE_LIMITS="off",
            AUTERITY_ADMIN_EMAIL=EMAIL,
            AUTERITY_ADMIN_PASSWORD=PASSWORD,
        )
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", "--data-dir", f"{directory}/store"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = []
        self.url = None
        self.listens = threading.Event()
        threading.Thread(target=self.read, daemon=True).start()
        if not self.listens.wait(START_LIMIT) or self.url is None:
            self.stop()
            raise SystemExit("the server did not start:\n" + "".join(self.lines))

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            found = re.search(r"https?://[0-9.]+:[0-9]+", line)
            if found and self.url is None:
                self.url = found.group(0)
                self.listens.set()
        self.listens.set()

    def stop(self):
        """Ends it as an operator does, and answers its status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(START_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def call(self, method, path, body=None, token=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=START_LIMIT) as answer:
            return json.load(answer)

    def token(self):
        body = {"email": EMAIL, "password": PASSWORD}
        return self.call("POST", "/api/auth/login", body)["access_token"]


def known_ids(server, token):
    """Makes what the ids in paths name, so that not every call ends at 404."""
    call = lambda method, path, body=None: server.call(method, path, body, token)
    definition = {
        "nodes": [
            {"id": "start", "type": "start", "data": {"label": "Start"}},
            {"id": "ask", "type": "approval", "data": {"message": "Go on?"}},
        ],
        "edges": [{"id": "e1", "source": "start", "target": "ask"}],
    }
    workflow = call("POST", "/api/workflows", {"name": "Fuzzed", "definition": definition})
    execution = call("POST", f"/api/workflows/{workflow['id']}/execute", {"input_data": {}})
    template = call("GET", "/api/templates?page_size=1")["templates"][0]
    user = call("POST", "/api/users", {"email": "other@example.com", "password": PASSWORD})
    return {
        "workflow_id": workflow["id"],
        "execution_id": execution["execution_id"],
        "template_id": template["id"],
        "user_id": user["id"],
        "version": 1,
    }


def configuration(ids, directory):
    """The settings, with the ids in the paths: half of the calls go to things that exist."""
    text = f"hooks = {json.dumps(str(HERE / 'hooks.py'))}\n"
    text += (HERE / "schemathesis.toml").read_text()
    for name, value in ids.items():
        text += f"\n[dictionaries.{name}]\nvalues = [{json.dumps(value)}]\n"
        text += f'\n[parameters."path.{name}"]\ndictionary = "{name}"\nprobability = 0.5\n'
    path = pathlib.Path(directory) / "schemathesis.toml"
    path.write_text(text)
    return str(path)


def schemathesis(server, token, settings, *arguments):
    command = [
        f"{pathlib.Path(sys.executable).parent}/schemathesis",
        "--config-file", settings, "--no-color",
        "run", f"{server.url}/openapi.json",
        "--header", f"Authorization: Bearer {token}",
        *arguments,
    ]
    directory = os.path.dirname(settings)
    environment = dict(os.environ, HOME=directory, FUZZ_COUNTS=f"{directory}/counts.jsonl")
    return subprocess.run(command, env=environment, cwd=directory, timeout=RUN_LIMIT).returncode


# Operations that succeed only with what cannot be guessed, or in a state that is rare; and the
# document itself, which schemathesis reads and does not test.
RARE = {
    "acknowledgeAlert",
    "approveExecution",
    "cancelExecution",
    "changePassword",
    "login",
    "openAPI",
    "requestToken",
    "retryExecution",
}


# Operations that can end the session: at once, or because a refresh token is used twice.
ENDING = ["logout", "refreshToken"]


def options(verb):
    return [word for name in ENDING for word in (f"--{verb}-operation-id", name)]


def unreached(document, directory):
    """Operations that were never answered with a success: checking them would be for show."""
    counts = collections.defaultdict(collections.Counter)
    for line in (pathlib.Path(directory) / "counts.jsonl").read_text().splitlines():
        entry = json.loads(line)
        counts[entry["operation"]][entry["status"]] += 1
    failures = []
    for path in document["paths"].values():
        for operation in path.values():
            name = operation["operationId"]
            seen = counts[name]
            print(f"{name}: " + ", ".join(f"{s} x {seen[s]}" for s in sorted(seen)))
            if name not in RARE and not any(status < 300 for status in seen):
                failures.append(f"{name} never succeeded")
    return failures


def main():
    with tempfile.TemporaryDirectory(prefix="auterity-fuzz-") as directory:
        server = Server(os.path.abspath(sys.argv[1]), directory)
        failures = []
        try:
            document = server.call("GET", "/openapi.json")
            for error in OpenAPIV31SpecValidator(document).iter_errors():
                failures.append(f"the document is not valid: {error.message[:500]}")
            token = server.token()
            settings = configuration(known_ids(server, token), directory)
            if schemathesis(server, token, settings, *options("exclude")):
                failures.append("schemathesis found what the document does not say")
            if server.call("GET", "/api/auth/me", token=token)["email"] != EMAIL:
                failures.append("the token is somebody else's")
            # With a session of its own, which they may end.
            if schemathesis(server, server.token(), settings, *options("include")):
                failures.append("schemathesis found what the document does not say")
            failures += unreached(document, directory)
        finally:
            status = server.stop()
        if status != 0:
            failures.append(f"the server ended with status {status}")
        if failures:
            print("".join(server.lines[-60:]))
            raise SystemExit("api-fuzz: " + "; ".join(failures))
        print("api-fuzz: the document is valid, and the server keeps to it")


main()
