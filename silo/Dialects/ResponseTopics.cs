using Twins.Contracts;
using Twins.Contracts.Topics;

namespace Twins.Silo.Dialects;

/// <summary>
/// Decides where the answer to a <c>get</c> may go. A broker link has more rights at the broker than a device: without this rule a device
/// could make the link publish a command or a report of another device.
/// </summary>
internal static class ResponseTopics
{
    /// <summary>Checks the response topic of a request.</summary>
    /// <param name="twinId">The twin that the request is about.</param>
    /// <param name="topic">The response topic.</param>
    /// <param name="onBroker">Whether a broker link answers. The gateway answers into the session of the asker only.</param>
    /// <returns><c>response-topic-forbidden</c> (403), or null if the answer may go there.</returns>
    public static Problem? Check(string twinId, string topic, bool onBroker)
    {
        // MQTT-3.3.2-14.
        if (topic.AsSpan().IndexOfAny("+#\0") >= 0)
        {
            return Forbidden(twinId, topic);
        }

        return onBroker && (IsOfBroker(topic) || (NativeTopics.IsNative(topic) && !IsReplyTopic(twinId, topic))) ? Forbidden(twinId, topic) : null;
    }

    /// <summary>Topics that begin with $ control some brokers: <c>$CONTROL/…</c> of Mosquitto changes who may do what.</summary>
    private static bool IsOfBroker(string topic) => topic.StartsWith('$');

    private static bool IsReplyTopic(string twinId, string topic)
    {
        var replies = NativeTopics.Replies(twinId);
        return topic == NativeTopics.Document(twinId) || (topic.StartsWith(replies, StringComparison.Ordinal) && topic.Length > replies.Length);
    }

    private static Problem Forbidden(string twinId, string topic) => new(
        403,
        "response-topic-forbidden",
        $"response topic \"{(topic.Length <= 128 ? topic : topic[..128])}\" is not allowed; use {NativeTopics.Document(twinId)}, {NativeTopics.Replies(twinId)}…, or a topic that begins neither with \"{NativeTopics.Prefix}\" nor with \"$\", without wildcards");
}
