using System.Text;

namespace Twins.Simulators.Reporting;

/// <summary>The file of a report: opened before the run, so that it is known to be writable, and written after it.</summary>
internal sealed class ReportFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private bool _written;

    private ReportFile(string path, FileStream file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Opens the file; what was in it before stays until the report is written.</summary>
    /// <exception cref="ReportException">It can not be written.</exception>
    public static ReportFile Create(string path)
    {
        try
        {
            return new ReportFile(path, new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Wrong(path, exception);
        }
    }

    /// <summary>Writes the report.</summary>
    /// <exception cref="ReportException">It can not be written.</exception>
    public async Task WriteAsync(RunReport report)
    {
        try
        {
            _file.SetLength(0);
            await _file.WriteAsync(Encoding.UTF8.GetBytes(ReportPage.Of(report)));
            await _file.FlushAsync();
            _written = true;
        }
        catch (IOException exception)
        {
            throw Wrong(_path, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        var isEmpty = !_written && _file.Length == 0;
        await _file.DisposeAsync();
        if (isEmpty)
        {
            // The run came to nothing; an empty page would say less than none.
            File.Delete(_path);
        }
    }

    private static ReportException Wrong(string path, Exception exception) =>
        new($"report \"{path}\" can not be written: {exception.Message.TrimEnd('.')}; name another file with --report", exception);
}
