using System.Text;
using System.Text.Json;

namespace Twins.Contracts.Query.Matching;

/// <summary>What values are compared with, ready for it: texts as the UTF-8 they are compared in.</summary>
internal sealed class MatchedLiteral
{
    // What values must be to be comparable at all.
    private readonly JsonTokenType _kind;
    private readonly byte[] _utf8 = [];
    private readonly QueryNumber _number;
    private readonly TimeValue? _time;

    internal MatchedLiteral(QueryPath path, QueryValue value)
    {
        switch (value)
        {
            // Times of the platform are no texts.
            case TextValue text:
                _kind = path.IsTime ? JsonTokenType.None : JsonTokenType.String;
                _utf8 = Encoding.UTF8.GetBytes(text.Text);
                break;

            case NumberValue number:
                (_kind, _number) = (JsonTokenType.Number, number.Number);
                break;

            case BooleanValue boolean:
                _kind = boolean.Boolean ? JsonTokenType.True : JsonTokenType.False;
                break;

            case TimeValue time:
                (_kind, _time) = (JsonTokenType.String, time);
                break;

            default:
                throw new ArgumentException($"There is no value {value}.", nameof(value));
        }
    }

    /// <summary>Whether a value compares in this way.</summary>
    internal bool Holds(CompareOperator comparison, ref FoundValue value, DocumentReading reading)
    {
        if (value.Kind != _kind)
        {
            return IsBoolean(value.Kind) && IsBoolean(_kind) && IsSo(comparison, (value.Kind == JsonTokenType.True).CompareTo(_kind == JsonTokenType.True));
        }

        switch (_kind)
        {
            case JsonTokenType.String when _time is not null:
                return reading.Time(ref value) is { } time && IsSo(comparison, time.CompareTo(_time.At(reading.Now)));

            // By far the most frequent, and mostly decided by the length.
            case JsonTokenType.String when comparison == CompareOperator.Eq:
                return value.Length == _utf8.Length && reading.Utf8(value).SequenceEqual(_utf8);

            case JsonTokenType.String:
                return IsSo(comparison, reading.Utf8(value).SequenceCompareTo(_utf8));

            case JsonTokenType.Number:
                return IsSo(comparison, value.Number.CompareTo(_number));

            default:
                return IsSo(comparison, 0);
        }
    }

    private static bool IsBoolean(JsonTokenType kind) => kind is JsonTokenType.True or JsonTokenType.False;

    private static bool IsSo(CompareOperator comparison, int order) => comparison switch
    {
        CompareOperator.Eq => order == 0,
        CompareOperator.Gt => order > 0,
        CompareOperator.Ge => order >= 0,
        CompareOperator.Lt => order < 0,
        CompareOperator.Le => order <= 0,
        _ => order != 0,
    };
}
