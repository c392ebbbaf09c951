namespace Twins.Simulators.Behaviours;

/// <summary>A line over the earth. Distances are in kilometres.</summary>
internal sealed class Route
{
    // IUGG mean radius.
    private const double EarthRadius = 6371.0088;

    private readonly (double Latitude, double Longitude)[] _points;
    private readonly double[] _along;

    /// <param name="points">Degrees; at least two.</param>
    /// <param name="closed">Whether the last leg goes back to the first point.</param>
    public Route(IReadOnlyList<(double Latitude, double Longitude)> points, bool closed)
    {
        _points = closed ? [.. points, points[0]] : [.. points];
        _along = new double[_points.Length];
        for (var index = 1; index < _points.Length; index++)
        {
            _along[index] = _along[index - 1] + Distance(_points[index - 1], _points[index]);
        }
    }

    /// <summary>From its first point to its last.</summary>
    public double Length => _along[^1];

    /// <summary>Where one is after so many kilometres, and where one heads: degrees from north, clockwise.</summary>
    public (double Latitude, double Longitude, double Heading) At(double kilometres)
    {
        var leg = Array.BinarySearch(_along, kilometres);
        leg = Math.Clamp(leg >= 0 ? leg : ~leg - 1, 0, _points.Length - 2);
        var (from, to) = (_points[leg], _points[leg + 1]);
        var length = _along[leg + 1] - _along[leg];
        var share = length > 0 ? Math.Clamp((kilometres - _along[leg]) / length, 0, 1) : 0;

        // Legs are short: straight on the map is straight on the ground, and across the date line goes the short way.
        var across = Math.IEEERemainder(to.Longitude - from.Longitude, 360);
        var latitude = from.Latitude + (to.Latitude - from.Latitude) * share;
        var longitude = Math.IEEERemainder(from.Longitude + across * share, 360);
        var east = across * Math.Cos((from.Latitude + to.Latitude) / 2 * Math.PI / 180);
        var heading = Math.Atan2(east, to.Latitude - from.Latitude) * 180 / Math.PI;
        return (latitude, longitude, (heading + 360) % 360);
    }

    /// <summary>The haversine formula.</summary>
    public static double Distance((double Latitude, double Longitude) from, (double Latitude, double Longitude) to)
    {
        const double Radians = Math.PI / 180;
        var north = Math.Sin((to.Latitude - from.Latitude) * Radians / 2);
        var east = Math.Sin((to.Longitude - from.Longitude) * Radians / 2);
        var square = north * north + Math.Cos(from.Latitude * Radians) * Math.Cos(to.Latitude * Radians) * east * east;
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(square)));
    }
}
