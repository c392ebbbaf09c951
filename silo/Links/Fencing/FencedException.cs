namespace Twins.Silo.Links.Fencing;

/// <summary>
/// A twin rejected a message because another connection has the right under which it was received. The message must not be
/// acknowledged, and its connection must be closed.
/// </summary>
internal sealed class FencedException(string message) : Exception(message);
