using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Twins.Contracts.Topics;
using Twins.Contracts.Twins;
using Twins.Simulators.Fleet;
using Twins.Simulators.Kinds;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Plans;
using Twins.Simulators.Recording;

namespace Twins.Simulators.CommandLine;

/// <summary>Reads the values of options: every one here rather than by the library, whose complaints name .NET types.</summary>
internal static class OptionValues
{
    public static Option<T> Make<T>(
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

    public static T Wrong<T>(ArgumentResult result, string error, T value)
    {
        result.AddError(error);
        return value;
    }

    // Errors of a value appear only when it is read, and then as an exception.
    private static bool CanBeRead(OptionResult result)
    {
        try
        {
            _ = result.GetValueOrDefault<object>();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public static bool Given(CommandResult line, Option option) => line.GetResult(option) is { Implicit: false };

    /// <summary>What a validator may know of an option: its value, or nothing where it was not given or is wrong, which is said elsewhere.</summary>
    public static T? Value<T>(CommandResult line, Option<T> option) =>
        line.GetResult(option) is { Implicit: false } result && !result.Errors.Any() && CanBeRead(result) ? result.GetValueOrDefault<T>() : default;

    public static Func<string, ArgumentResult, string> Text { get; } = static (text, _) => text;

    public static int ParseNumber(string text, ArgumentResult result, int minimum, int maximum) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : Wrong(result, $"{(result.Parent as OptionResult)?.Option.Name} \"{text}\" is not a whole number from {minimum} to {maximum}", minimum);

    public static BrokerAddress ParseBroker(string text, ArgumentResult result) =>
        BrokerAddress.TryParse(text, out var address, out var error) ? address : Wrong(result, error, address);

    public static Rate ParseRate(string text, ArgumentResult result) =>
        Rate.TryParse(text, out var rate, out var error) ? rate : Wrong(result, error, rate);

    public static TimeSpan? ParseSpan(string text, ArgumentResult result) => Spans.TryParse(text, out var span)
        ? span
        : Wrong<TimeSpan?>(result, $"\"{text}\" is not a span of time; write for example 500ms, 60s, 5min or 1h", null);

    public static TimeSpan? ParseSpanOrNever(string text, ArgumentResult result) =>
        text == "never" ? Timeout.InfiniteTimeSpan : ParseSpan(text, result);

    public static string ParsePrefix(string text, ArgumentResult result) => TwinId.IsValid(text + ":x")
        ? text
        : Wrong(result, $"prefix \"{text}\" cannot begin a twin id; use letters, digits, \".\", \"_\" and \"-\"", text);

    public static string ParseProtocol(string text, ArgumentResult result) =>
        text is "5" or "3.1.1" ? text : Wrong(result, $"MQTT \"{text}\" is not spoken here; 5 or 3.1.1", text);

    public static RecordSource ParseSource(string text, ArgumentResult result) => text switch
    {
        "auto" => RecordSource.Auto,
        "devices" => RecordSource.Devices,
        "events" => RecordSource.Events,
        _ => Wrong(result, $"source \"{text}\" is neither auto, devices nor events", RecordSource.Auto),
    };

    public static string ParseTopic(string text, ArgumentResult result) =>
        text.Split('/') is ["twins", { Length: > 0 }, "reported", ..] && TopicFilter.IsValid(text)
            ? text
            : Wrong(result, $"topic \"{text}\" is not of what devices report; write for example twins/+/reported/# or twins/pump-1/reported/#", text);

    // Without a namespace where the devices of a file have whole twin ids.
    public static string ParsePrefixOrNone(string text, ArgumentResult result) => text.Length == 0 ? text : ParsePrefix(text, result);

    public static Uri? ParseApi(string text, ArgumentResult result) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.Query.Length == 0
            ? uri
            : Wrong<Uri?>(result, $"\"{text}\" is not the address of a REST API; write for example http://127.0.0.1:8080", null);

    public static DateTimeOffset? ParseTime(string text, ArgumentResult result) => Replay.ReplayTime.TryParse(text, out var time)
        ? time
        : Wrong<DateTimeOffset?>(result, $"\"{text}\" is not a time; write RFC 3339 (2026-01-31T09:00:00Z) or Unix seconds or milliseconds", null);

    // Infinity stands for max: the library cannot hand a null out of a parser.
    public static double ParseSpeed(string text, ArgumentResult result) => text == "max" ? double.PositiveInfinity
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and < 1e12 ? speed
        : Wrong(result, $"speed \"{text}\" is neither a number more than 0 nor max", 1.0);

    /// <summary>How many times as fast: as <see cref="ParseSpeed"/>, where there is an end to it.</summary>
    public static double? ParseTimes(string text, ArgumentResult result) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and <= FleetFile.FastestSpeed
            ? speed
            : Wrong<double?>(result, $"speed \"{text}\" is not a number more than 0 and at most {FleetFile.FastestSpeed:N0}", null);

    public static string[]? ParseKinds(string text, ArgumentResult result)
    {
        string[] kinds = [.. text.Split(',').Distinct(StringComparer.Ordinal)];
        return kinds.FirstOrDefault(static name => !KindLibrary.All.Contains(name)) is { } unknown
            ? Wrong<string[]?>(result, $"there is no kind \"{unknown}\"; there are {string.Join(", ", KindLibrary.All)}", null)
            : kinds;
    }
}
