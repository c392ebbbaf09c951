namespace Twins.Api;

/// <summary>The ids of all log events of the API, so that no two are the same. 3000–3999 are the API's.</summary>
internal static class ApiLogEvents
{
    public const int RequestUnavailable = 3000;
    public const int RequestFailed = 3001;
    public const int RequestNotStored = 3002;

    public const int EventsSubscribed = 3100;
    public const int EventsSubscribeFailed = 3101;
    public const int EventsUnsubscribeFailed = 3102;
    public const int EventsSlowReader = 3103;
    public const int LiveSubscriptionFailed = 3104;

    public const int DashboardRefused = 3200;
    public const int DashboardInClear = 3201;

    public const int Ready = 3300;
    public const int DemoRunning = 3301;
    public const int DemoTrouble = 3302;
}
