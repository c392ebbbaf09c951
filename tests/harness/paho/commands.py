"""Devices that are slow, leave and return, and execute commands that are still valid: paho clients in one process.

Arguments: port, number of devices, seed. Devices are named c0, c1, …; every second one speaks MQTT 5, and every fourth has Receive
Maximum 1. Prints "ready", and a JSON line for each connection and for each command that arrives; ends when standard
input is closed.
"""
import json
import random
import sys
import threading
import time
from datetime import datetime

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

port, count, seed = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
out_lock = threading.Lock()


def say(**line):
    with out_lock:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def expires_at(message):
    properties = getattr(message, "properties", None)
    for name, value in getattr(properties, "UserProperty", []):
        if name == "expiresAt":
            return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
    value = json.loads(message.payload).get("$expiresAt")
    return datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp() if value else None


class Device:
    def __init__(self, number):
        self.id = f"c{number}"
        self.random = random.Random(seed * 1000 + number)
        self.five = number % 2 == 1
        self.slow_window = number % 4 == 3
        self.done = set()
        self.connected_at = None
        options = {"client_id": self.id, "protocol": mqtt.MQTTv5 if self.five else mqtt.MQTTv311}
        if not self.five:
            options["clean_session"] = False
        self.client = (mqtt.Client(mqtt.CallbackAPIVersion.VERSION1, **options) if hasattr(mqtt, "CallbackAPIVersion")
                       else mqtt.Client(**options))
        self.client.on_connect = self.on_connect
        self.client.on_message = self.on_message
        self.client.on_subscribe = lambda *rest: self.subscribed.set()
        self.subscribed = threading.Event()

    def connect(self):
        if self.five:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = 3600
            if self.slow_window:
                properties.ReceiveMaximum = 1
            self.client.connect("127.0.0.1", port, keepalive=30, clean_start=False, properties=properties)
        else:
            self.client.connect("127.0.0.1", port, keepalive=30)
        self.client.loop_start()

    def on_connect(self, client, userdata, flags, reason, properties=None):
        self.connected_at = time.time()
        client.subscribe(f"twins/{self.id}/commands/+/+", qos=1)
        client.publish(f"twins/{self.id}/reported", '{"here":true}', qos=1)
        say(device=self.id, online=self.connected_at)

    def on_message(self, client, userdata, message):
        parts = message.topic.split("/")
        if parts[4] == "response":
            return
        expires, connected = expires_at(message), self.connected_at
        received = time.time()
        if self.random.random() < 0.04:
            time.sleep(self.random.random() * 2)
        now = time.time()
        # What every device has to check: the clock, and whether it has done this already.
        executed = expires is not None and now < expires and parts[4] not in self.done
        if executed:
            self.done.add(parts[4])
            client.publish(f"twins/{self.id}/commands/{parts[4]}/response", "{}", qos=1)
        say(device=self.id, command=parts[4], expires=expires, connected=connected, received=received, at=now, executed=executed)

    def live(self, stopping):
        self.connect()
        self.subscribed.wait(20)
        while not stopping.wait(1 + self.random.random() * 4):
            # Without a DISCONNECT, as a device that loses its network.
            self.client.loop_stop()
            try:
                self.client.socket().close()
            except (AttributeError, OSError):
                pass
            if stopping.wait(self.random.random() * 3):
                break
            self.connect()


stopping = threading.Event()
devices = [Device(i) for i in range(count)]
threads = [threading.Thread(target=device.live, args=(stopping,), daemon=True) for device in devices]
for thread in threads:
    thread.start()
for device in devices:
    device.subscribed.wait(30)
say(ready=True)
sys.stdin.read()
stopping.set()
