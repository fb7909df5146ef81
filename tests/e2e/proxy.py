"""A way to a server that a test can cut or freeze without touching the server, which others use too."""

import socket
import threading
from contextlib import suppress


class Way:
    """Listens on 127.0.0.1:`port` and passes on to `host`:`there`."""

    def __init__(self, host: str, there: int) -> None:
        self._to = host, there
        self._ends: list[socket.socket] = []
        self._flowing = threading.Event()
        self.port = 0
        self.restore()

    def restore(self) -> None:
        """Opens it, after a cut on the same port; lets flow again what was frozen."""
        self._flowing.set()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """As if the server were killed: connections break, new ones are refused."""
        self._flowing.set()
        for end in (self._listener, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def freeze(self) -> None:
        """As if the network swallowed everything: connections stand, nothing comes."""
        self._flowing.clear()

    def thaw(self) -> None:
        self._flowing.set()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self._to)
                self._ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=ends, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._flowing.wait()
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
