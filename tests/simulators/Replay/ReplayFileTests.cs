using System.Text;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Replay;
using Xunit;

namespace Twins.Simulators.Tests;

public sealed class ReplayFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"readings-{Guid.NewGuid():N}.csv");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("", "line 1: the file is empty; the first line names the columns: time,device,…")]
    [InlineData("time,device,t\n", "line 1: there are no readings below the header")]
    [InlineData("when,device,t\n", "line 1: there is no column \"time\" or \"timestamp\"; add one with RFC 3339 times or Unix seconds")]
    [InlineData("time,t\n1,2\n", "line 1: there is no column \"device\"; add one, or name the device with --device")]
    [InlineData("time;device;t\n", "line 1: the columns are separated by \";\"; separate them by commas")]
    [InlineData("time,device\n1,a\n", "line 1: there is nothing but times and devices; add a column for each reported property")]
    [InlineData("time,device,t,t\n1,a,2,3\n", "line 1: there are two columns \"t\"; rename one")]
    [InlineData("time,device,\n1,a,2\n", "line 1: column 3 has no name; name every column")]
    [InlineData("time,device,$seq\n1,a,2\n", "line 1: column \"$seq\" starts with \"$\", which is the platform's; rename it")]
    [InlineData("time,device,t\n1,a,2\n2,a\n", "line 3: 2 cells where the header has 3; give every row a cell per column")]
    [InlineData("time,device,t\n1,a,2,4\n", "line 2: 4 cells where the header has 3; give every row a cell per column")]
    [InlineData("time,device,t\n\n\nyesterday,a,2\n", "line 4: \"yesterday\" is not a time; write RFC 3339 (2026-01-31T09:00:00Z) or Unix seconds or milliseconds")]
    [InlineData("time,device,t\n1,a,\"x\ny\"\n,a,2\n", "line 4: \"\" is not a time; write RFC 3339 (2026-01-31T09:00:00Z) or Unix seconds or milliseconds")]
    [InlineData("time,device,t\n1,,2\n", "line 2: the device is empty; every row names its device")]
    [InlineData("time,device,t\n1,a b,2\n", "line 2: twin id \"sim:a b\" contains \" \"; ids use letters, digits, \".\", \"_\", \"-\" and \":\"")]
    [InlineData("time,device,t\n1,a,2\n2,a,\"2\"x\n", "line 3: a quote stands where none may; put cells with quotes in quotes and double those inside")]
    [InlineData("time,device,t\n20000,a,2\n30000,a,2\n10000,b,2\n", "line 4: device sim:b starts again at 1970-01-01T02:46:40Z, before the row above; sort the file by time, or play it with --speed max")]
    [InlineData("time,device,a//b\n1,a,2\n", "line 1: column \"a//b\" names no property: path \"a//b\" has an empty name; put one name between two slashes, and none at the ends")]
    [InlineData("time,device,a,/a\n1,a,2,\n", "line 1: there are two columns for the property a; rename one")]
    [InlineData("time,device,t\n1,a,2\n2,a,\n3,a,12.3.4\n", "line 4: \"12.3.4\" in column 3 is no number, and the rows above have numbers there; correct it, leave the cell empty, or write \"\"\"12.3.4\"\"\" for a text")]
    [InlineData("time,device,m,m/rpm\n1,a,2,\n2,a,,3\n3,a,2,3\n", "line 4: property m has a value and properties within it; leave one of the cells empty")]
    public void A_file_that_is_not_right_is_one_sentence_with_its_line(string text, string expected)
    {
        File.WriteAllText(_path, text);
        var wrong = Assert.Throws<ReplayFileException>(() => ReplayFile.Check(new ReplayOptions(_path)));
        Assert.Equal($"{Path.GetFileName(_path)}, {expected}", wrong.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_sentence()
    {
        var wrong = Assert.Throws<ReplayFileException>(() => ReplayFile.Check(new ReplayOptions(_path)));
        Assert.Equal($"there is no file \"{_path}\"", wrong.Message);
    }

    [Fact]
    public void A_device_column_and_a_named_device_contradict_each_other()
    {
        File.WriteAllText(_path, "time,device,t\n1,a,2\n");
        var wrong = Assert.Throws<ReplayFileException>(() => ReplayFile.Check(new ReplayOptions(_path) { Device = "x" }));
        Assert.EndsWith("line 1: there is a column \"device\"; leave out --device", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_get_the_prefix_unless_they_have_one()
    {
        File.WriteAllText(_path, "Time,Device,t\n1,a,1\n2,acme:b,1\n3,sim:a,1\n");
        var file = ReplayFile.Check(new ReplayOptions(_path));
        Assert.Equal(["sim:a", "acme:b"], file.DeviceIds);
        Assert.Equal(3, file.Readings);
    }

    [Fact]
    public void Any_order_of_rows_can_be_played_at_full_speed()
    {
        File.WriteAllText(_path, "time,device,t\n20000,a,2\n10000,b,2\n");
        Assert.Equal(2, ReplayFile.Check(new ReplayOptions(_path) { Speed = null }).Readings);
    }

    [Theory]
    [InlineData("2013-12-02 21:15:00", "2013-12-02T21:15:00Z")]
    [InlineData("2004-03-01T00:30:00Z", "2004-03-01T00:30:00Z")]
    [InlineData("2004-03-01t00:30:00.25z", "2004-03-01T00:30:00.25Z")]
    [InlineData("2004-03-01T00:30:00+02:00", "2004-02-29T22:30:00Z")]
    [InlineData("1078101000", "2004-03-01T00:30:00Z")]
    [InlineData("1078101000.5", "2004-03-01T00:30:00.5Z")]
    [InlineData("1078101000250", "2004-03-01T00:30:00.25Z")]
    public void Times_are_read_as_files_have_them(string text, string expected)
    {
        File.WriteAllText(_path, $"timestamp,value\n{text},1\n");
        var file = ReplayFile.Check(new ReplayOptions(_path) { Device = "m" });
        Assert.Equal(expected, file.Read().Single().TimeText);
    }

    [Fact]
    public void Cells_become_json_as_written()
    {
        File.WriteAllText(_path, """"
            time,device,a,b,c,d,e,f,g,h,i,j,k,l,m
            1,x,44.30,-1e5,true,False,,007,"say ""hi"", ü",NaN, 12 ,null,"""12""","[1,{}]",{x
            """");
        var reading = ReplayFile.Check(new ReplayOptions(_path)).Read().Single();
        Assert.Equal(
            """{"a":44.30,"b":-1e5,"c":true,"d":"False","f":"007","g":"say \"hi\", ü","h":"NaN","i":12,"j":null,"k":"12","l":[1,{}],"m":"{x"}""",
            Encoding.UTF8.GetString(reading.Payload(MessageStamp.None, MqttProtocol.V5)));
    }

    [Fact]
    public void Devices_without_user_properties_carry_the_stamp_in_the_payload()
    {
        File.WriteAllText(_path, "time,device,a\n1,x,2\n");
        var reading = ReplayFile.Check(new ReplayOptions(_path)).Read().Single();
        Assert.Equal(
            """{"$epoch":7,"$seq":1,"$ts":"1970-01-01T00:00:01Z","a":2}""",
            Encoding.UTF8.GetString(reading.Payload(new MessageStamp(7, 1, reading.TimeText), MqttProtocol.V311)));
    }

    [Fact]
    public void A_bad_number_far_down_is_found_before_anything_is_played()
    {
        File.WriteAllLines(_path, Enumerable.Range(2, 9000).Select(line => $"{line},a,{(line == 7312 ? "1O.5" : "10.5")}").Prepend("time,device,t"));
        var wrong = Assert.Throws<ReplayFileException>(() => ReplayFile.Check(new ReplayOptions(_path)));
        Assert.StartsWith($"{Path.GetFileName(_path)}, line 7312: \"1O.5\" in column 3 is no number", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_by_path_are_properties_within_one_another()
    {
        File.WriteAllText(_path, "time,device,motor/rpm,site,motor/on,a~1b,/device\n1,x,5,,true,6,7\n2,x,,8,,,\n");
        Assert.Equal(
            ["""{"motor":{"rpm":5,"on":true},"a/b":6,"device":7}""", """{"site":8}"""],
            ReplayFile.Check(new ReplayOptions(_path)).Read().Select(reading => Encoding.UTF8.GetString(reading.Payload(MessageStamp.None, MqttProtocol.V5))));
    }

    [Fact]
    public void Columns_can_have_other_names()
    {
        File.WriteAllText(_path, "when,mote,value\n1,x,5\n");
        var columns = new Dictionary<string, string> { ["when"] = "time", ["mote"] = "device", ["value"] = "motor/rpm" };
        var reading = ReplayFile.Check(new ReplayOptions(_path) { Columns = columns }).Read().Single();
        Assert.Equal("""sim:x {"motor":{"rpm":5}}""", $"{reading.DeviceId} {Encoding.UTF8.GetString(reading.Payload(MessageStamp.None, MqttProtocol.V5))}");

        var wrong = Assert.Throws<ReplayFileException>(() => ReplayFile.Check(new ReplayOptions(_path) { Columns = new Dictionary<string, string> { ["speed"] = "v" } }));
        Assert.EndsWith("line 1: there is no column \"speed\" to rename; there are when, mote, value", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_a_file_can_be_played()
    {
        File.WriteAllText(_path, "time,device,t\n2026-01-01,a,1\n2026-01-02,b,2\n2026-01-03,b,3\n2026-01-04,c,4\n");
        var options = new ReplayOptions(_path) { From = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), To = new(2026, 1, 4, 0, 0, 0, TimeSpan.Zero) };
        var file = ReplayFile.Check(options);
        Assert.Equal((2, "sim:b", "2", "3"), ((int)file.Readings, Assert.Single(file.DeviceIds), file.Read().First().Cells[0], file.Read().Last().Cells[0]));
        Assert.Equal((options.From, TimeSpan.FromDays(2)), (file.First, file.Round));

        var wrong = Assert.Throws<ReplayFileException>(() => ReplayFile.Check(options with { From = options.To, To = null, Columns = new Dictionary<string, string>() } with { From = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero) }));
        Assert.Equal($"{Path.GetFileName(_path)} has no readings between --from and --to; it goes from 2026-01-01T00:00:00Z to 2026-01-04T00:00:00Z", wrong.Message);
    }

    [Fact]
    public void Without_a_prefix_devices_have_the_names_of_the_file()
    {
        File.WriteAllText(_path, "time,device,t\n1,a,1\n");
        Assert.Equal("a", Assert.Single(ReplayFile.Check(new ReplayOptions(_path) { Prefix = "" }).DeviceIds));
    }
}
