using System.Text.Json;

namespace Twins.Api.Events;

/// <summary>Reads the revision of a twin's document, which stands near its start.</summary>
internal static class DocumentRevision
{
    /// <summary>The revision; 0 where the document has none.</summary>
    public static long Of(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals("revision"u8);
                reader.Read();
                if (found)
                {
                    return reader.TryGetInt64(out var revision) ? revision : 0;
                }

                reader.Skip();
            }
        }

        return 0;
    }
}
