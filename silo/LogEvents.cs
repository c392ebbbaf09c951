namespace Twins.Silo;

/// <summary>The ids of all log messages of the silo, in one place so that each stays unique.</summary>
internal static class LogEvents
{
    public const int StoreTwinDamaged = 1001;
    public const int StoreDeadLetterDamaged = 1002;
    public const int TwinsNotReadable = 1003;
    public const int StoreVerified = 1004;
    public const int StoreRollbackFailed = 1005;
    public const int StoreCommitNotNoted = 1006;
    public const int StoreCheckpointFailed = 1007;
    public const int StoreUnavailable = 1008;
    public const int StoreAvailable = 1009;
    public const int StoreNotDurable = 1010;
    public const int StoreRefused = 1011;
    public const int StoreDurable = 1020;

    public const int TwinWriteFailed = 1101;
    public const int TwinOutboxFailed = 1102;
    public const int TwinEventsDropped = 1103;
    public const int TwinPresenceFailed = 1104;
    public const int TwinMessageFailed = 1105;
    public const int TwinOutboxWaits = 1106;
    public const int RescueDone = 1107;
    public const int RescueFailed = 1108;
    public const int RescueNotAsked = 1109;
    public const int RescueNotWoken = 1110;

    public const int DispatchRetry = 1201;
    public const int DispatchGaveUp = 1202;
    public const int DeadLetterKept = 1203;
    public const int DeviceNotTold = 1204;
    public const int DecodeFailed = 1205;

    public const int GatewayStarted = 1301;
    public const int GatewayRefusedUser = 1302;
    public const int GatewayMessageNotTaken = 1303;
    public const int GatewayQueueFull = 1304;
    public const int GatewayLibrary = 1305;
    public const int GatewayWillNotTaken = 1306;
    public const int GatewaySessionNotHandedOver = 1307;
    public const int GatewayClaimFailed = 1308;
    public const int GatewayClaimLater = 1309;
    public const int GatewaySessionCut = 1310;
    public const int GatewayAcknowledgementLost = 1311;
    public const int GatewayHandOverSlow = 1312;
    public const int GatewayReleaseFailed = 1313;
    public const int GatewayConnectionRefused = 1314;
    public const int GatewayClientIdConflict = 1315;
    public const int GatewaySubscribedToNothing = 1316;

    public const int BrokerConnected = 1401;
    public const int BrokerLost = 1402;
    public const int BrokerRetry = 1403;
    public const int BrokerMessageNotTaken = 1404;
    public const int BrokerSessionAdopted = 1405;
    public const int BrokerSessionEmptied = 1406;
    public const int BrokerSessionNotAdopted = 1407;
    public const int BrokerNotListening = 1408;
    public const int BrokerMessageSetAside = 1420;
    public const int BrokerFellBack = 1421;
    public const int BrokerLimited = 1422;
    public const int BrokerSessionLost = 1423;
    public const int BrokerRetryChanged = 1424;
    public const int BrokerGrantedLess = 1425;

    public const int ListenerFailed = 1501;
    public const int ListenerRenewFailed = 1502;
    public const int LinkRenewFailed = 1503;
    public const int DeliveryFailed = 1504;

    public const int Ready = 1601;
    public const int OpenToEverybody = 1602;
    public const int Draining = 1603;
    public const int JoinTurnFailed = 1604;
    public const int Stalled = 1605;
    public const int StalledNotRead = 1606;
    public const int NotReady = 1607;
    public const int ReadyAgain = 1608;
    public const int ClockJumped = 1609;
    public const int AssemblyNotLoaded = 1610;
    public const int VersionWaiting = 1611;
    public const int VersionNotRemoved = 1612;

    public const int IndexShardRead = 1701;
    public const int IndexReadFailed = 1702;
    public const int IndexNotTold = 1703;
    public const int IndexFeedOverflowed = 1704;
    public const int IndexLookFailed = 1705;
    public const int IndexTwinNotTaken = 1706;
    public const int IndexNotFilled = 1707;
    public const int DamagedTwinLeftOut = 1708;
    public const int InactivitySweepFailed = 1709;
}
