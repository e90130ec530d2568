#!/usr/bin/env python3
"""A gate before a server: what clients send passes, until a packet matches; that one waits.

usage: gate.py PORT DIRECTORY, in which lie the files
    port    the port to connect to instead
    stop    who sets it arms the gate: a regular expression, how many packets behind the first that
            matches it the gate closes (0: on that one), a line that no other such file has had, and
            words that say what becomes of that packet; it opens when the file goes or another
            takes its place
    held    the gate's own: the first 200 bytes of the packet that waits

The words: none, and it waits. cut: it is lost and its connection ends. answer: it passes, and its
connection ends in place of the answer. deaf: the same, but the server's end of the connection
stays. alone: until the gate opens nobody else is let in.
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
seen = {}  # of a stop's third line: packets since the first that matched
refusing = set()  # such lines, while whose stop is there nobody is let in


def armed_with():
    try:
        with open(stop) as file:
            pattern, count, key, words = (file.read() + "\n").split("\n")[:4]
            return key, pattern.encode(), int(count), words.split()
    except (OSError, ValueError):
        return None


def closes(packet):
    with guard:
        armed = armed_with()
        if not armed:
            return None
        key, pattern, count, words = armed
        if key in seen:
            seen[key] += 1
        elif re.search(pattern, packet, re.DOTALL):
            seen[key] = 0
        if seen.get(key) != count:
            return None
        with open(held + ".new", "wb") as file:
            file.write(packet[4:204])
        if "alone" in words:
            refusing.add(key)
        os.rename(held + ".new", held)
        return key, words


def is_closed(key):
    return (armed_with() or [None])[0] == key


def end_all(*ends):
    for end in ends:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def break_off(link, packet, words):
    """What becomes of a packet that does not wait."""
    if "cut" not in words:
        link.is_mute = True
        link.server.sendall(packet)
    if "cut" in words:
        end_all(link.server)
    if "answer" in words:
        link.answered.wait()
        end_all(link.server)
    end_all(link.client)


def pump_client(link):
    try:
        while packet := link.client.recv(1 << 18):
            key, words = closes(packet) or (None, [])
            does_wait = not {"cut", "answer", "deaf"} & set(words)
            if key is not None and not does_wait:
                break_off(link, packet, words)
            while key is not None and is_closed(key) and not (does_wait and is_gone(link.client)):
                time.sleep(0.01)
            if key is not None:
                os.unlink(held)
                if not does_wait or is_gone(link.client):
                    break
            link.server.sendall(packet)
    except OSError:
        pass
    end_all(link.client, link.server)


def pump_server(link):
    try:
        while packet := link.server.recv(1 << 18):
            if link.is_mute:
                link.answered.set()
            else:
                link.client.sendall(packet)
    except OSError:
        pass
    link.answered.set()
    end_all(link.client, link.server)


def is_gone(client):
    try:
        return client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


class Link:
    def __init__(self, client, server):
        self.client, self.server = client, server
        self.is_mute = False
        self.answered = threading.Event()


def serve(client):
    try:
        if any(map(is_closed, refusing)):
            raise ConnectionRefusedError
        server = socket.create_connection(("127.0.0.1", port))
    except OSError:
        client.close()
        return
    for end in (client, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link = Link(client, server)
    threading.Thread(target=pump_server, args=(link,), daemon=True).start()
    pump_client(link)


listener = socket.create_server(("127.0.0.1", 0))
with open(directory + "/port.new", "w") as file:
    print(listener.getsockname()[1], file=file)
os.rename(directory + "/port.new", directory + "/port")
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
