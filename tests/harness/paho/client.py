"""One MQTT device for the tests: a paho client, told what to do in JSON lines on standard input.

Every request has a number, "n"; its reply has the same number as "reply", and "error" if it failed. What happens
unasked comes as {"message": …}, {"progress": …} and {"disconnected": …}. Payloads are base64.
"""
import base64
import json
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

DEADLINE = 20  # seconds, for everything the other side must answer

out_lock = threading.Lock()


def say(**line):
    with out_lock:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def new_client(client_id, version, clean):
    protocol = mqtt.MQTTv5 if version == 5 else mqtt.MQTTv311
    options = {"client_id": client_id, "protocol": protocol}
    if version != 5:
        options["clean_session"] = clean
    if hasattr(mqtt, "CallbackAPIVersion"):  # paho 2
        return mqtt.Client(mqtt.CallbackAPIVersion.VERSION1, **options)
    return mqtt.Client(**options)


def publish_properties(request):
    properties = Properties(PacketTypes.PUBLISH)
    given = False
    for name, value in request.get("user", []):
        properties.UserProperty = (name, value)
        given = True
    if "response_topic" in request:
        properties.ResponseTopic = request["response_topic"]
        given = True
    if "correlation" in request:
        properties.CorrelationData = base64.b64decode(request["correlation"])
        given = True
    return properties if given else None


def unsubscribed(*rest):
    """The reason codes of an UNSUBACK, which only MQTT 5 has; paho gives one of them alone."""
    reasons = rest[1] if len(rest) > 1 else []
    return [r.value for r in (reasons if isinstance(reasons, list) else [reasons])]


class Device:
    def __init__(self):
        self.client = None
        self.version = 4
        self.connected = threading.Event()
        self.connack = None
        self.gone = threading.Event()
        self.reason = None  # of the other side's DISCONNECT (MQTT 5)
        self.lock = threading.Lock()
        self.waiting = {}  # packet id -> what to do when it is acknowledged
        self.early = {}  # packet id -> acknowledged before we came to wait for it

    # -- what the library tells

    def on_connect(self, client, userdata, flags, reason, properties=None):
        code = reason if isinstance(reason, int) else reason.value
        present = flags["session present"] if isinstance(flags, dict) else flags.session_present
        self.connack = {"code": code, "sessionPresent": bool(present)}
        self.connected.set()

    def on_message(self, client, userdata, message):
        properties = getattr(message, "properties", None)
        correlation = getattr(properties, "CorrelationData", None)
        say(message={
            "topic": message.topic,
            "payload": base64.b64encode(message.payload).decode(),
            "qos": message.qos,
            "retain": bool(message.retain),
            "user": [list(pair) for pair in getattr(properties, "UserProperty", [])],
            "correlation": None if correlation is None else base64.b64encode(correlation).decode(),
        })

    def on_disconnect(self, client, userdata, reason, properties=None):
        if self.reason is None:
            self.reason = reason if isinstance(reason, int) else reason.value

    def acknowledged(self, packet, result):
        with self.lock:
            action = self.waiting.pop(packet, None)
            if action is None:
                self.early[packet] = result
        if action is not None:
            action(result)

    def when_acknowledged(self, packet, action):
        with self.lock:
            early = packet in self.early
            result = self.early.pop(packet, None)
            if not early:
                self.waiting[packet] = action
        if early:
            action(result)

    def run(self):
        # Not loop_start(): that reconnects by itself, and the tests want to see a connection end.
        while self.client.loop(timeout=0.5) == mqtt.MQTT_ERR_SUCCESS:
            pass
        self.gone.set()
        self.connected.set()
        say(disconnected=True, reason=self.reason)

    # -- what the tests ask

    def connect(self, request):
        self.version = request["version"]
        clean = request["clean"]
        self.client = client = new_client(request["client"], self.version, clean)
        client.on_connect = self.on_connect
        client.on_message = self.on_message
        client.on_disconnect = self.on_disconnect
        client.on_unsubscribe = lambda c, u, mid, *rest: self.acknowledged(mid, unsubscribed(*rest))
        client.on_publish = lambda c, u, mid, *rest: self.acknowledged(mid, None)
        client.on_subscribe = lambda c, u, mid, granted, *rest: self.acknowledged(
            mid, [g if isinstance(g, int) else g.value for g in granted])
        client.max_inflight_messages_set(request.get("inflight", 20))
        if "username" in request:
            client.username_pw_set(request["username"], request.get("password"))
        will = request.get("will")
        if will:
            client.will_set(will["topic"], base64.b64decode(will["payload"]), will["qos"], will["retain"])
        options = {}
        if self.version == 5:
            options["clean_start"] = clean
            if not clean:
                options["properties"] = Properties(PacketTypes.CONNECT)
                options["properties"].SessionExpiryInterval = 3600
        client.connect("127.0.0.1", request["port"], request.get("keepalive", 60), **options)
        threading.Thread(target=self.run, daemon=True).start()
        if not self.connected.wait(DEADLINE):
            raise TimeoutError("no CONNACK")
        if self.connack is None:
            raise ConnectionError("closed before CONNACK")
        return self.connack

    def subscribe(self, request, reply):
        qos = request["qos"]
        if self.version == 5:
            rc, packet = self.client.subscribe(request["topic"], options=SubscribeOptions(qos=qos))
        else:
            rc, packet = self.client.subscribe(request["topic"], qos)
        if rc != mqtt.MQTT_ERR_SUCCESS:
            raise ConnectionError(mqtt.error_string(rc))
        self.when_acknowledged(packet, lambda granted: reply(granted=granted))

    def unsubscribe(self, request, reply):
        rc, packet = self.client.unsubscribe(request["topic"])
        if rc != mqtt.MQTT_ERR_SUCCESS:
            raise ConnectionError(mqtt.error_string(rc))
        self.when_acknowledged(packet, lambda reasons: reply(reasons=reasons))

    def publish(self, request, reply):
        options = {"properties": publish_properties(request)} if self.version == 5 else {}
        info = self.client.publish(
            request["topic"], base64.b64decode(request["payload"]), request["qos"], request["retain"], **options)
        if info.rc != mqtt.MQTT_ERR_SUCCESS:
            raise ConnectionError(mqtt.error_string(info.rc))
        self.when_acknowledged(info.mid, lambda _: reply())

    def stream(self, request, reply):
        """Publishes {"k<i mod properties>": i} for i = 0, 1, … until the connection ends or "last" is reached."""
        window = threading.Semaphore(request["window"])
        acknowledged = []
        last, sent = request["last"], 0

        def on_acknowledged(i):
            acknowledged.append(i)
            if len(acknowledged) == request["report"]:
                say(progress=len(acknowledged))
            window.release()

        while sent < last and not self.gone.is_set():
            if not window.acquire(timeout=0.1):
                continue
            payload = {"k%d" % (sent % request["properties"]): sent}
            if request["ordered"]:
                payload.update({"$epoch": 1, "$seq": sent + 1})
            info = self.client.publish(request["topic"], json.dumps(payload), request["qos"])
            if info.rc != mqtt.MQTT_ERR_SUCCESS:
                break
            i = sent
            sent += 1
            self.when_acknowledged(info.mid, lambda _, i=i: on_acknowledged(i))
        for _ in range(request["window"]):
            while not self.gone.is_set() and not window.acquire(timeout=0.1):
                pass
        reply(sent=sent, acknowledged=list(acknowledged))

    def disconnect(self, request):
        self.client.disconnect()
        if not self.gone.wait(DEADLINE):
            raise TimeoutError("the connection did not end")

    def handle(self, request):
        def reply(**rest):
            say(reply=request["n"], **rest)

        try:
            what = request["do"]
            if what == "connect":
                reply(**self.connect(request))
            elif what == "subscribe":
                self.subscribe(request, reply)
            elif what == "unsubscribe":
                self.unsubscribe(request, reply)
            elif what == "publish":
                self.publish(request, reply)
            elif what == "stream":
                threading.Thread(target=self.stream, args=(request, reply), daemon=True).start()
            elif what == "disconnect":
                self.disconnect(request)
                reply()
            else:
                raise ValueError("no such request: %s" % what)
        except Exception as e:  # the test shows it
            reply(error="%s: %s" % (type(e).__name__, e))


device = Device()
for line in sys.stdin:
    device.handle(json.loads(line))
