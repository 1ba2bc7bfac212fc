"""A day's work with docker-py, printed line by line so that two runs can be compared. Usage: docker_py.py BASE_URL

Every socket has a limit: a relay that breaks a stream must give a failure and not a hang.
"""
import io
import socket
import sys
import tarfile

import docker

IMAGE = "busybox:local"
LIMIT = 15


def say(name, value):
    print(f"{name}: {value}", flush=True)


def raw(stream):
    """The socket below docker-py's wrappers, with a limit."""
    sock = getattr(stream, "_sock", stream)
    sock.settimeout(LIMIT)
    return sock


def read_all(sock):
    parts = []
    while True:
        part = sock.recv(65536)
        if not part:
            return b"".join(parts)
        parts.append(part)


def unframed(data):
    """Takes the engine's eight-byte frame heads out."""
    out, at = b"", 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4:at + 8], "big")
        out += data[at + 8:at + 8 + size]
        at += 8 + size
    return out


def archive(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
    return buffer.getvalue()


def main():
    client = docker.DockerClient(base_url=sys.argv[1], version="auto", timeout=LIMIT)
    api = client.api
    say("version", client.version()["ApiVersion"])
    say("ping", client.ping())

    for _ in range(5):
        counter = api.create_container(IMAGE, ["wc", "-c"], stdin_open=True, host_config=api.create_host_config(network_mode="none"))
        stream = raw(api.attach_socket(counter, params={"stdin": 1, "stdout": 1, "stream": 1}))
        api.start(counter)
        stream.sendall(b"12345")
        stream.shutdown(socket.SHUT_WR)
        say("attach", unframed(read_all(stream)))
        say("wait", api.wait(counter)["StatusCode"])
        api.remove_container(counter)

    say("run", client.containers.run(IMAGE, ["echo", "ran"], network_mode="none", remove=True))
    web = client.containers.run(IMAGE, ["sh", "-c", "echo begin; while :; do sleep 0.1; done"], name="web", network_mode="none", detach=True)
    say("exec", web.exec_run(["sh", "-c", "echo out; exit 3"]))
    say("exec demux", web.exec_run(["sh", "-c", "echo out; echo err >&2"], demux=True))
    say("exec detached", web.exec_run(["true"], detach=True).output)
    counting = api.exec_create(web.id, ["wc", "-c"], stdin=True)
    stream = raw(api.exec_start(counting["Id"], socket=True))
    stream.sendall(b"1234567")
    stream.shutdown(socket.SHUT_WR)
    say("exec stdin", unframed(read_all(stream)))
    say("exec exit", api.exec_inspect(counting["Id"])["ExitCode"])

    say("put", web.put_archive("/root", archive({"note.txt": b"put there\n"})))
    bits, stat = web.get_archive("/root/note.txt")
    say("get", (stat["size"], b"put there" in b"".join(bits)))

    follow = web.logs(stream=True, follow=True)
    say("log", next(follow))
    follow.close()
    events = client.events(decode=True, filters={"type": "volume"})
    pool = client.volumes.create("pool")
    say("event", next(events)["Action"])
    events.close()
    pool.remove()

    context = archive({"Dockerfile": f"FROM {IMAGE}\nCOPY note /note\nRUN cat /note\n".encode(), "note": b"built\n"})
    image, _ = client.images.build(fileobj=io.BytesIO(context), custom_context=True, tag="dockerpy:1", network_mode="none", rm=True)
    say("build", image.tags)
    saved = b"".join(image.save(named=True))
    client.images.remove("dockerpy:1")
    say("load", client.images.load(saved)[0].tags)
    client.images.remove("dockerpy:1")

    say("stats", "cpu_stats" in web.stats(stream=False))
    say("top", "CMD" in web.top()["Titles"])
    say("list", [c.name for c in client.containers.list(limit=-1)])
    network = client.networks.create("lane")
    say("network", client.networks.get("lane").name)
    network.remove()
    web.stop(timeout=1)
    say("wait", web.wait()["StatusCode"])
    web.remove()
    try:
        client.containers.get("web")
    except docker.errors.NotFound as missing:
        say("missing", missing.status_code)


main()
