using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Twins.Contracts.Twins;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Plans;

namespace Twins.Simulators.CommandLine;

// Every value is read here rather than by the library, whose complaints name .NET types.
internal sealed partial class RunCommand
{
    private static Option<T> Option<T>(
        string name, string helpName, string description, Func<string, ArgumentResult, T> parse, T? fallback = default, params string[] aliases)
    {
        var option = new Option<T>(name, aliases)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => parse(result.Tokens[0].Value, result),
        };
        if (fallback is not null)
        {
            option.DefaultValueFactory = _ => fallback;
        }

        return option;
    }

    private static T Wrong<T>(ArgumentResult result, string error, T value)
    {
        result.AddError(error);
        return value;
    }

    private static string Text(string text, ArgumentResult result) => text;

    private static int ParseNumber(string text, ArgumentResult result, int minimum, int maximum) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : Wrong(result, $"{(result.Parent as OptionResult)?.Option.Name} \"{text}\" is not a whole number from {minimum} to {maximum}", minimum);

    private static BrokerAddress ParseBroker(string text, ArgumentResult result) =>
        BrokerAddress.TryParse(text, out var address, out var error) ? address : Wrong(result, error, address);

    private static Rate ParseRate(string text, ArgumentResult result) =>
        Rate.TryParse(text, out var rate, out var error) ? rate : Wrong(result, error, rate);

    private static TimeSpan? ParseSpan(string text, ArgumentResult result) => Spans.TryParse(text, out var span)
        ? span
        : Wrong<TimeSpan?>(result, $"\"{text}\" is not a span of time; write for example 500ms, 60s, 5min or 1h", null);

    private static TimeSpan? ParseSpanOrNever(string text, ArgumentResult result) =>
        text == "never" ? Timeout.InfiniteTimeSpan : ParseSpan(text, result);

    private static string ParsePrefix(string text, ArgumentResult result) => TwinId.IsValid(text + ":x")
        ? text
        : Wrong(result, $"prefix \"{text}\" cannot begin a twin id; use letters, digits, \".\", \"_\" and \"-\"", text);

    private static string ParseProtocol(string text, ArgumentResult result) =>
        text is "5" or "3.1.1" ? text : Wrong(result, $"MQTT \"{text}\" is not spoken here; 5 or 3.1.1", text);

    // Infinity stands for max: the library cannot hand a null out of a parser.
    private static double ParseSpeed(string text, ArgumentResult result) => text == "max" ? double.PositiveInfinity
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and < 1e12 ? speed
        : Wrong(result, $"speed \"{text}\" is neither a number more than 0 nor max", 1.0);

    private static string[]? ParseKinds(string text, ArgumentResult result)
    {
        string[] kinds = [.. text.Split(',').Distinct(StringComparer.Ordinal)];
        return kinds.FirstOrDefault(static name => !SimulatedFleet.Kinds.Contains(name)) is { } unknown
            ? Wrong<string[]?>(result, $"there is no kind \"{unknown}\"; there are {string.Join(", ", SimulatedFleet.Kinds)}", null)
            : kinds;
    }
}
