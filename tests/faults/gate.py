#!/usr/bin/env python3
"""A gate before a server: what clients send passes, until a packet matches; that one waits.

usage: gate.py PORT DIRECTORY, in which lie the files
    port    the port to connect to instead
    stop    who sets it arms the gate: a regular expression, how many packets behind the first that
            matches it the gate closes (0: on that one), and a line that no other such file has
            had; it opens when the file goes or another takes its place
    held    the gate's own: the first 200 bytes of the packet that waits
"""
import os
import re
import socket
import sys
import threading
import time

port, directory = int(sys.argv[1]), sys.argv[2]
stop, held = directory + "/stop", directory + "/held"
guard = threading.Lock()
seen = {}  # of a stop's last line: packets since the first that matched


def armed_with():
    try:
        with open(stop) as file:
            pattern, count, key = file.read().split("\n")[:3]
            return key, pattern.encode(), int(count)
    except (OSError, ValueError):
        return None


def closes(packet):
    with guard:
        armed = armed_with()
        if not armed:
            return None
        key, pattern, count = armed
        if key in seen:
            seen[key] += 1
        elif re.search(pattern, packet, re.DOTALL):
            seen[key] = 0
        if seen.get(key) != count:
            return None
        with open(held + ".new", "wb") as file:
            file.write(packet[4:204])
        os.rename(held + ".new", held)
        return key


def pump(source, sink, is_client):
    try:
        while packet := source.recv(1 << 18):
            key = closes(packet) if is_client else None
            if key is not None:
                while (armed_with() or [None])[0] == key and not is_gone(source):
                    time.sleep(0.01)
                os.unlink(held)
                if is_gone(source):
                    break
            sink.sendall(packet)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def is_gone(client):
    try:
        return client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def serve(client):
    try:
        server = socket.create_connection(("127.0.0.1", port))
    except OSError:
        client.close()
        return
    for end in (client, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=pump, args=(server, client, False), daemon=True).start()
    pump(client, server, True)


listener = socket.create_server(("127.0.0.1", 0))
with open(directory + "/port.new", "w") as file:
    print(listener.getsockname()[1], file=file)
os.rename(directory + "/port.new", directory + "/port")
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
