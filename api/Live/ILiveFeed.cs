using Twins.Contracts;

namespace Twins.Api.Live;

/// <summary>What a client subscribes to, from its start to its end. Disposing of it ends it in the hub.</summary>
internal interface ILiveFeed : IDisposable
{
    /// <summary>Begins, before anything is told.</summary>
    /// <returns>Why it can not be; null if it has begun.</returns>
    Task<Problem?> Open(CancellationToken cancellationToken);

    /// <summary>Tells until that is cancelled, or can not go on.</summary>
    /// <returns>Why it does not go on.</returns>
    Task<Problem?> Run(ILiveSink sink, CancellationToken cancellationToken);
}
