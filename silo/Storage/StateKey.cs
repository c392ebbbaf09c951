namespace Twins.Silo.Storage;

/// <summary>Names a stored state.</summary>
/// <param name="Kind">What it is the state of.</param>
/// <param name="Id">The twin id, or the client id of the session.</param>
internal readonly record struct StateKey(StateKind Kind, string Id)
{
    /// <summary>Returns the key of a twin's state.</summary>
    public static StateKey Twin(string id) => new(StateKind.Twin, id);

    /// <summary>Returns the key of a gateway session's state.</summary>
    public static StateKey Session(string clientId) => new(StateKind.Session, clientId);
}
