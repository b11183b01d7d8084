using System.Globalization;
using System.Text;

namespace RedisInfer.Benchmarks.Traffic;

/// <summary>Draws what a folder's room is worth: the share that is reused, and the mean time to the first token.</summary>
internal static class TrafficPicture
{
    private const int Width = 640;
    private const int Height = 300;
    private const int Left = 60;
    private const int Top = 40;
    private const int Bottom = 250;

    public static string Draw(double[] rooms, IReadOnlyList<TrafficResult> results, double nothingKept)
    {
        var points = rooms.Zip(results).OrderBy(pair => pair.First).ToArray();
        double step = (Width - (2.0 * Left)) / Math.Max(1, points.Length - 1);
        var marks = new StringBuilder();
        for (int i = 0; i < points.Length; i++)
        {
            double x = Left + (i * step);
            double share = points[i].Second.ReusedShare;
            double time = points[i].Second.MeanFirstToken / nothingKept;
            marks.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{x:0}" cy="{Y(share):0}" r="4" fill="#1668dc"/><text x="{x:0}" y="{Y(share) - 10:0}" text-anchor="middle">{share:0.00}</text>""");
            marks.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{x:0}" cy="{Y(time):0}" r="4" fill="#c41d7f"/><text x="{x:0}" y="{Y(time) - 10:0}" text-anchor="middle">{points[i].Second.MeanFirstToken:0} ms</text>""");
            marks.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x:0}" y="{Bottom + 20}" text-anchor="middle">{points[i].First:0.##} GiB</text>""");
        }

        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="system-ui, sans-serif" font-size="12">
            <rect width="{Width}" height="{Height}" fill="white"/>
            <text x="{Left}" y="20" fill="#1668dc">share of the passages' tokens that is reused, 0 to 1</text>
            <text x="{Width - Left}" y="36" text-anchor="end" fill="#c41d7f">mean time to first token, of {nothingKept:0} ms with nothing kept</text>
            <path d="M{Left} {Bottom}H{Width - Left}" stroke="#888"/>
            <polyline points="{Line(points.Select(point => point.Second.ReusedShare))}" fill="none" stroke="#1668dc"/>
            <polyline points="{Line(points.Select(point => point.Second.MeanFirstToken / nothingKept))}" fill="none" stroke="#c41d7f"/>
            {marks}<text x="{Width / 2}" y="{Bottom + 40}" text-anchor="middle">room of the folder for KV states, as for a 4B model</text>
            </svg>

            """);

        string Line(IEnumerable<double> values) =>
            string.Join(' ', values.Select((value, i) => string.Create(CultureInfo.InvariantCulture, $"{Left + (i * step):0},{Y(value):0}")));
    }

    private static double Y(double share) => Bottom - (Math.Min(1, share) * (Bottom - Top));
}
