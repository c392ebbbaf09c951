using System.Globalization;
using System.Net;
using System.Text;

namespace Twins.Simulators.Reporting;

/// <summary>HTML being written. What comes from outside goes through <see cref="Text"/>, which escapes it, also for attributes.</summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>Writes markup as it is.</summary>
    public HtmlText Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Writes markup with numbers in it, in the one way that HTML and SVG read them.</summary>
    public HtmlText Raw(FormattableString markup) => Raw(markup.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a text, escaped.</summary>
    public HtmlText Text(string text)
    {
        _text.Append(WebUtility.HtmlEncode(text));
        return this;
    }

    /// <summary>Writes an element with nothing but a text in it.</summary>
    public HtmlText Element(string name, string text) => Raw($"<{name}>").Text(text).Raw($"</{name}>");

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
