namespace Twins.Silo.Storage;

/// <summary>Says what a stored state belongs to.</summary>
internal enum StateKind
{
    /// <summary>A twin.</summary>
    Twin,

    /// <summary>A session at the gateway.</summary>
    Session,
}
