"""Servers on the loopback interface that accept messages or misbehave."""
import base64
import email
import http.server
import json
import socket
import socketserver
import ssl
import threading
import time


class Web(http.server.ThreadingHTTPServer):
    """script: what to do with each request, the last entry for all further ones: a status, (status, body), (status, body, headers),
    "hang", "die" (before it answers)."""
    daemon_threads = True

    def __init__(self, *script):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script, self.taken, self.lock, self.begun = list(script) or [200], [], threading.Lock(), 0
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path="/send"):
        return "http://127.0.0.1:%d%s" % (self.server_address[1], path)

    def next(self):
        with self.lock:
            step = self.script[min(self.begun, len(self.script) - 1)]
            self.begun += 1
            return step

    def handle_error(self, *_):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        step = self.server.next()
        answer = (step, b"{}") if isinstance(step, int) else step
        with self.server.lock:
            self.server.taken.append({"path": self.path, "body": body, "headers": dict(self.headers), "step": step,
                                      "time": time.time()})
        if step == "hang":
            time.sleep(5)
            return
        if step == "die":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer[0])
        for name, value in (answer[2] if len(answer) > 2 else {}).items():
            self.send_header(name, value)
        text = answer[1] if isinstance(answer[1], bytes) else json.dumps(answer[1]).encode()
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class Mail(socketserver.ThreadingTCPServer):
    """A small SMTP server. refuse: its answers to the end of a message instead of 250, each used once."""
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, certificate=None, refuse=(), login=None):
        super().__init__(("127.0.0.1", 0), MailHandler)
        self.certificate, self.refuse, self.login, self.taken = certificate, list(refuse), login, []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def url(self):
        return "smtp://127.0.0.1:%d" % self.server_address[1]

    def handle_error(self, *_):
        pass


class MailHandler(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def start_tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.server.certificate)
        self.request = context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
        self.tls = True

    def take_message(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if self.server.refuse:
            self.say(self.server.refuse.pop(0))
            return
        self.server.taken.append({"message": email.message_from_bytes(b"".join(lines)), "to": self.to, "tls": self.tls,
                                  "login": self.who})
        self.say("250 taken")

    def handle(self):
        self.tls, self.to, self.who = False, [], None
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("EHLO"):
                offers = [b for b in ("STARTTLS" if self.server.certificate and not self.tls else "", "AUTH PLAIN" if self.server.login else "") if b]
                for offer in offers:
                    self.say("250-" + offer)
                self.say("250 here")
            elif word == "STARTTLS":
                self.say("220 go on")
                self.start_tls()
            elif word.startswith("AUTH PLAIN"):
                given = line.split(" ")[2] if line.count(" ") > 1 else ""
                if not given:
                    self.say("334 ")
                    given = self.rfile.readline().decode().strip()
                self.who = base64.b64decode(given).decode().split("\0")[1:]
                self.say("235 in" if tuple(self.who) == self.server.login else "535 no")
            elif word.startswith("RCPT"):
                self.to.append(line.split("<")[1].split(">")[0])
                self.say("250 yes")
            elif word == "DATA":
                self.take_message()
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")


def closed_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
