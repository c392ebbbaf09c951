using Twins.Contracts;
using Twins.Contracts.Storage;

namespace Twins.Silo.Twins;

/// <summary>What a twin can answer instead of doing as asked.</summary>
internal static class TwinProblems
{
    public static Problem NoSuchTwin(string id) =>
        new(404, "twin-not-found", $"there is no twin {id}; its device makes it with a first message, or an application with PUT /twins/{id}");

    public static Problem Damaged(string id) =>
        new(503, StoreFault.TwinDamaged.Code(), $"the stored row of twin {id} is damaged; restore a backup, or delete the twin with DELETE /twins/{id}");

    public static Problem WrongRevision(string id, long expected, long actual) =>
        new(412, "revision-mismatch", $"twin {id} is at revision {actual}, not {expected}; read it again and repeat the change on what you find");

    public static Problem AlreadyThere(string id) =>
        new(412, "twin-exists", $"twin {id} exists already; leave If-None-Match away to change it");

    public static Problem UnknownDevice(string id) =>
        new(404, "device-unknown", $"device {id} is not registered and Twins:Devices:Provisioning is Strict; make its twin with PUT /twins/{id}");

    public static Problem TooLarge(string section, int bytes, int limit) =>
        new(413, "section-too-large", $"{section} would be {bytes} bytes and may be {limit}; remove properties, or raise Twins:Limits", "/" + section);

    public static Problem NotAnObject(string section) =>
        new(400, "not-an-object", $"{section} must be a JSON object", "/" + section);

    public static Problem ReservedName(string section, string name) =>
        new(400, "name-reserved", $"{section} has a property \"{name}\"; names that begin with \"$\" belong to the platform", $"/{section}/{name}");

    public static Problem UnknownMember(string name) =>
        new(400, "member-unknown", $"an application may write \"tags\", \"desired\" and \"model\" of a twin; \"{name}\" is none of them", "/" + name);

    public static Problem ModelNotText() =>
        new(400, "model-not-text", "model must be a string of 1 to 256 characters, or null", "/model");

    public static Problem PatchedToNull(string pointer) =>
        new(422, "patch-null", $"{pointer} would be null, and a twin has no null members; use the operation \"remove\"", pointer);

    public static Problem NoSuchProperty(string pointer) =>
        new(404, "property-not-found", $"there is no property {pointer}", pointer);

    public static Problem Unforeseen() =>
        new(500, "message-failed", "the platform failed on this message, and says why in its log; the message is kept as a dead letter");
}
