namespace Twins.Api.Swagger;

/// <summary>Examples that several endpoints show; all of them about the demo twin.</summary>
internal static class Examples
{
    public const string Twin =
        """
        {"id":"demo:pump-1","revision":42,"model":null,"tags":{"site":"rotterdam"},"desired":{"setpoint":40},"reported":{"setpoint":35,"motor":{"rpm":1450}},"connection":{"status":"online","since":"2026-01-02T03:04:05.678Z","lastSeen":"2026-01-02T03:14:05.678Z","link":"gateway","dialect":"native","stale":0},"metadata":{"reported":{"setpoint":{"at":"2026-01-02T03:04:06.000Z"},"motor":{"rpm":{"at":"2026-01-02T03:14:05.678Z"}}},"desired":{"setpoint":{"at":"2026-01-02T03:10:00.000Z"}}},"createdAt":"2026-01-02T03:04:05.678Z","modifiedAt":"2026-01-02T03:14:05.678Z"}
        """;

    public const string Receipt = """{"id":"demo:pump-1","revision":43}""";

    public const string TwinContent = """{"tags":{"site":"rotterdam"},"desired":{"setpoint":40}}""";

    /// <summary>Works against the demo fleet.</summary>
    public const string Filter = """and(in(tags/site,"rotterdam","antwerp"),gt(reported/temperature,18))""";

    /// <summary>Said of <c>eq(tags/site,1</c>.</summary>
    public const string BadFilter = "filter is wrong at character 15, its end: \")\" is missing behind eq(…";

    public const string Groups =
        """
        {"groups":[{"group":{"tags/site":"antwerp"},"measures":{"count":2,"avg(reported/temperature)":30.75,"max(reported/temperature)":41.5}},{"group":{"tags/site":"rotterdam"},"measures":{"count":2,"avg(reported/temperature)":32.25,"max(reported/temperature)":43}}]}
        """;

    public const string Command =
        """
        {"id":"01KE0QZJ6E4Q0V7T8M2N5R9XYZ","name":"ping","status":"answered","payload":{"from":"swagger"},"createdAt":"2026-01-02T03:14:05.678Z","expiresAt":"2026-01-02T03:14:35.678Z","completedAt":"2026-01-02T03:14:05.690Z","response":{"status":200,"body":{"pong":true,"uptime":600.012}}}
        """;

    public const string SentCommand =
        """
        {"id":"01KE0QZJ6E4Q0V7T8M2N5R9XYZ","name":"ping","status":"sent","payload":{"from":"swagger"},"createdAt":"2026-01-02T03:14:05.678Z","expiresAt":"2026-01-02T03:14:35.678Z"}
        """;

    public const string Watch =
        """
        retry: 2000
        id: 9f86d081884c7d65-1041

        id: 9f86d081884c7d65-1041
        event: member
        data: {"id":"demo:pump-1","revision":42,"twin":{"id":"demo:pump-1","revision":42,"model":null,"tags":{"site":"rotterdam"},"desired":{},"reported":{"motor":{"rpm":1450}}}}

        id: 9f86d081884c7d65-1041
        event: ready
        data: {"count":1}

        id: 9f86d081884c7d65-1042
        event: left
        data: {"id":"demo:pump-1","revision":43,"reason":"changed","twin":{"id":"demo:pump-1","revision":43,"model":null,"tags":{"site":"rotterdam"},"desired":{},"reported":{"motor":{"rpm":1200}}}}

        : heartbeat

        """;

    public const string Events =
        """
        retry: 2000
        id: 9f86d081884c7d65-1041

        id: 9f86d081884c7d65-1042
        event: changed
        data: {"specversion":"1.0","id":"42","source":"/twins/demo:pump-1","type":"twins.changed","subject":"demo:pump-1","time":"2026-01-02T03:14:05.678Z","datacontenttype":"application/json","data":{"revision":42,"reported":{"motor":{"rpm":1450}}}}

        : heartbeat
        id: 9f86d081884c7d65-1187

        """;
}
