using System.Text;
using CsCheck;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Silo.Links.Broker;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class PublishSizeTests
{
    private static readonly Gen<MqttApplicationMessage> s_messages =
        from topic in Gen.String[1, 200]
        from payload in Gen.OneOf(Gen.Int[0, 300], Gen.Int[16_300, 16_400], Gen.Int[2_097_000, 2_097_200])
        from qos in Gen.Int[0, 1]
        from expiry in Gen.UInt[0, 5]
        from type in Gen.Int[0, 2].Select(i => new[] { null, "", "application/json" }[i])
        from response in Gen.Bool.Select(there => there ? "answers/é" : null)
        from correlation in Gen.Bool.Select(there => there ? new byte[] { 1, 2, 3 } : null)
        from format in Gen.Bool.Select(text => text ? MqttPayloadFormatIndicator.CharacterData : MqttPayloadFormatIndicator.Unspecified)
        from properties in Gen.String[0, 40].Array[0, 4]
        select new MqttApplicationMessage
        {
            Topic = topic,
            PayloadSegment = new byte[payload],
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos,
            MessageExpiryInterval = expiry,
            ContentType = type,
            ResponseTopic = response,
            CorrelationData = correlation,
            PayloadFormatIndicator = format,
            UserProperties = [.. properties.Select(value => new MqttUserProperty("name", Encoding.UTF8.GetBytes(value)))],
        };

    [Fact]
    public void Size_is_that_of_the_encoded_packet() => s_messages.Sample(
        message =>
        {
            var formatter = new MqttPacketFormatterAdapter(MqttProtocolVersion.V500, new MqttBufferWriter(1024, 16 * 1024 * 1024));
            var packet = MqttPublishPacketFactory.Create(message);
            packet.PacketIdentifier = (ushort)(packet.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce ? 0 : 7);
            Assert.Equal(formatter.Encode(packet).Length, PublishSize.Of(message));
        },
        iter: 200);
}
