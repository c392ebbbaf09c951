using StackExchange.Redis;

namespace Twins.Silo.Storage.Redis;

/// <summary>Reads the settings of a Redis server that decide whether it keeps what it acknowledges.</summary>
internal static class RedisPersistence
{
    /// <summary>The ACL rule that a user needs to read them.</summary>
    public const string AclRule = "+info +config|get";

    private static readonly (string Name, string Needed)[] s_settings = [("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction")];

    /// <summary>Returns what is wrong with a server; null if nothing is.</summary>
    /// <exception cref="RedisException">It does not answer.</exception>
    public static async Task<RedisDurabilityProblem?> CheckAsync(IServer server)
    {
        var (known, error) = await ReadAsync(server);
        var wrong = s_settings.Where(setting => known.TryGetValue(setting.Name, out var value) && value != setting.Needed).ToArray();
        var unread = s_settings.Where(setting => !known.ContainsKey(setting.Name)).Select(setting => setting.Name).ToArray();
        var at = $"Redis at {RedisEndPoints.Text(server.EndPoint)}";
        if (wrong.Length > 0)
        {
            return new RedisDurabilityProblem(
                $"{at} may lose what it acknowledges: {string.Join(", ", wrong.Select(setting => $"{setting.Name} is {known[setting.Name]}"))}",
                $"set {string.Join(", ", wrong.Select(setting => $"{setting.Name} {setting.Needed}"))} in Redis");
        }

        if (unread.Length == 0)
        {
            return null;
        }

        var isDenied = error.StartsWith("NOPERM", StringComparison.Ordinal);
        return new RedisDurabilityProblem(
            $"{at} does not tell whether it keeps what it acknowledges: {string.Join(", ", unread)} cannot be read ({error})",
            isDenied ? $"give its user the ACL rule \"{AclRule}\"" : $"make sure of {string.Join(", ", s_settings.Where(setting => unread.Contains(setting.Name)).Select(setting => $"{setting.Name} {setting.Needed}"))}");
    }

    /// <summary>
    /// CONFIG GET knows all of them. A managed Redis often has no CONFIG; INFO tells all but <c>appendfsync</c>.
    /// </summary>
    private static async Task<(Dictionary<string, string> Known, string Error)> ReadAsync(IServer server)
    {
        var (known, error) = (new Dictionary<string, string>(StringComparer.Ordinal), "");

        // All are on their way at once. ExecuteAsync, because the client's own methods want its admin mode, which allows far more.
        var config = Array.ConvertAll(s_settings, setting => server.ExecuteAsync("CONFIG", "GET", setting.Name));
        var info = new[] { server.ExecuteAsync("INFO", "persistence"), server.ExecuteAsync("INFO", "memory") };
        foreach (var answer in info)
        {
            if (await TryAsync(answer) is { } text)
            {
                AddInfo(known, text.ToString());
            }
        }

        foreach (var answer in config)
        {
            if (await TryAsync(answer) is { Length: 2 } pair)
            {
                known[pair[0].ToString()] = pair[1].ToString();
            }
        }

        return (known, error);

        async Task<RedisResult?> TryAsync(Task<RedisResult> answer)
        {
            try
            {
                return await answer;
            }
            catch (Exception exception) when (exception is RedisServerException or RedisCommandException)
            {
                error = exception.Message.Trim();
                return null;
            }
        }
    }

    private static void AddInfo(Dictionary<string, string> known, string info)
    {
        foreach (var line in info.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("aof_enabled:", StringComparison.Ordinal))
            {
                known["appendonly"] = line.EndsWith('1') ? "yes" : "no";
            }
            else if (line.StartsWith("maxmemory_policy:", StringComparison.Ordinal))
            {
                known["maxmemory-policy"] = line["maxmemory_policy:".Length..];
            }
        }
    }
}
