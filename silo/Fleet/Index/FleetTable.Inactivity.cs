using System.Text;
using Twins.Silo.Links;
using Twins.Silo.Twins;

namespace Twins.Silo.Fleet.Index;

internal sealed partial class FleetTable
{
    /// <summary>
    /// Returns the ids of the twins that are online on a broker link and were last seen longer ago than their timeout. The twin itself may know that its
    /// device was seen since.
    /// </summary>
    /// <param name="setting">The timeout of twins without a valid tag; zero for none.</param>
    /// <param name="now">The time.</param>
    public List<string> Inactive(TimeSpan setting, DateTimeOffset now)
    {
        var inactive = new List<string>();
        var tags = _columns.Find(["tags", Inactivity.Tag])?.Cells;
        var code = _texts.Find("online"u8);
        if (code < 0 || (tags is null && setting == TimeSpan.Zero))
        {
            return inactive;
        }

        var gateway = _texts.Find(Encoding.UTF8.GetBytes(LinkNames.Gateway));
        var (online, onGateway, milliseconds) = (Cell.Text(code), gateway < 0 ? Cell.None : Cell.Text(gateway), now.ToUnixTimeMilliseconds());
        for (var row = 0; row < _ids.Codes; row++)
        {
            if (!_ids.Has(row) || _columns.Status.Cells[row] != online || (gateway >= 0 && _columns.Link.Cells[row] == onGateway))
            {
                continue;
            }

            var tag = tags is null ? Cell.None : tags[row];
            var timeout = Inactivity.TimeoutOf(Cell.IsNumber(tag) ? Cell.NumberOf(tag) : null, setting);
            if (timeout is { } after && milliseconds - LastSeenOf(row) > after.TotalMilliseconds)
            {
                inactive.Add(Encoding.UTF8.GetString(_ids[row]));
            }
        }

        return inactive;
    }
}
