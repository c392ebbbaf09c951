using System.Buffers;
using Twins.Api.Problems;
using Twins.Contracts;
using Twins.Contracts.Json;

namespace Twins.Api.Http;

/// <summary>A request's body, checked and brought to canonical form.</summary>
/// <param name="MediaType">Which of the accepted types it came as.</param>
/// <param name="Canonical">Its JSON; empty where the request has no body and may do without.</param>
internal sealed record JsonBody(string MediaType, byte[] Canonical)
{
    /// <summary>What the server reads of any request: 1 MiB. What a twin takes of it is less, and the twin's to say.</summary>
    public static readonly int MaxBytes = JsonLimits.Max.MaxBytes;

    /// <summary>
    /// For a section, or a property in it: the most that <c>Twins:Limits</c> can be set to. What they are set to is
    /// for the twin to check, on what the write makes of it.
    /// </summary>
    public static readonly JsonLimits SectionLimits = JsonLimits.Max;

    /// <summary>For a twin: its sections stand one level deeper.</summary>
    public static readonly JsonLimits TwinLimits = SectionLimits with { MaxDepth = SectionLimits.MaxDepth + 1 };

    /// <summary>For a command; again the most that can be set.</summary>
    public static readonly JsonLimits CommandLimits = SectionLimits with { MaxBytes = 256 * 1024 };

    /// <summary>For a JSON patch: its values stand in an operation in a list.</summary>
    private static readonly JsonLimits PatchLimits = SectionLimits with { MaxDepth = SectionLimits.MaxDepth + 2 };

    /// <summary>The body is an RFC 6902 JSON patch.</summary>
    public bool IsJsonPatch => MediaType == MediaTypes.JsonPatch;

    /// <summary>Reads the body of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="accepted">The content types that it may have.</param>
    /// <param name="limits">How large the JSON may be.</param>
    /// <param name="optional">No body at all is fine.</param>
    /// <returns>The body, or else what is wrong with it.</returns>
    public static async ValueTask<(JsonBody? Body, ProblemResult? Problem)> Read(
        HttpRequest request, string[] accepted, JsonLimits limits, bool optional = false)
    {
        if (optional && request.ContentLength is null or 0 && string.IsNullOrEmpty(request.Headers.TransferEncoding))
        {
            return (new JsonBody(MediaTypes.Json, []), null);
        }

        var coding = request.Headers.ContentEncoding.ToString();
        if (coding.Length > 0 && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return (null, RequestProblems.ContentCoding(coding).ToResult() with { AcceptedCoding = "identity" });
        }

        if (MediaTypes.Match(request.ContentType, accepted) is not { } mediaType)
        {
            var list = string.Join(", ", accepted);
            return (null, RequestProblems.ContentType(request.ContentType, list).ToResult() with { Accepted = list });
        }

        limits = mediaType == MediaTypes.JsonPatch ? PatchLimits : limits;
        if (request.ContentLength > limits.MaxBytes)
        {
            return (null, RequestProblems.BodyTooLarge(limits.MaxBytes).ToResult());
        }

        var (canonical, problem) = await Normalize(request, limits);
        return problem is null ? (new JsonBody(mediaType, canonical!), null) : (null, problem.ToResult());
    }

    private static async ValueTask<(byte[]? Canonical, Problem? Problem)> Normalize(HttpRequest request, JsonLimits limits)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            var buffer = read.Buffer;
            if (buffer.Length > limits.MaxBytes)
            {
                reader.AdvanceTo(buffer.End);
                return (null, RequestProblems.BodyTooLarge(limits.MaxBytes));
            }

            if (read.IsCompleted)
            {
                var text = buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray();
                _ = JsonText.TryNormalize(text, limits, out var canonical, out var problem);
                reader.AdvanceTo(buffer.End);
                return (canonical, problem);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
