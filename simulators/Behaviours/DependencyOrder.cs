using Twins.Simulators.Plans;

namespace Twins.Simulators.Behaviours;

/// <summary>Puts properties in an order in which each comes behind those its formulas need.</summary>
internal static class DependencyOrder
{
    private const int New = 0;
    private const int Open = 1;
    private const int Done = 2;

    /// <summary>The order; of formulas in a circle, which have none, each circle is noted.</summary>
    public static int[] Of(KindPlan kind, PropertyBinder[] binders, Mistakes mistakes)
    {
        var order = new List<int>(binders.Length);
        var marks = new int[binders.Length];
        var path = new List<int>();

        // A stack of its own: a chain of formulas may be as long as a file allows.
        var stack = new Stack<(int Property, IEnumerator<int> Needs)>();
        for (var root = 0; root < binders.Length; root++)
        {
            if (marks[root] != New)
            {
                continue;
            }

            Push(root);
            while (stack.TryPeek(out var top))
            {
                if (!top.Needs.MoveNext())
                {
                    marks[top.Property] = Done;
                    order.Add(top.Property);
                    path.RemoveAt(path.Count - 1);
                    stack.Pop().Needs.Dispose();
                }
                else if (marks[top.Needs.Current] == New)
                {
                    Push(top.Needs.Current);
                }
                else if (marks[top.Needs.Current] == Open)
                {
                    Circle(top.Needs.Current);
                }
            }
        }

        return [.. order];

        void Push(int property)
        {
            marks[property] = Open;
            path.Add(property);
            stack.Push((property, binders[property].Needs.Order().GetEnumerator()));
        }

        void Circle(int first)
        {
            var names = path.SkipWhile(property => property != first).Append(first)
                .Select(property => $"\"{kind.Properties[property].Path}\"").ToList();
            mistakes.Add(
                binders[first].Place with { Column = 0 },
                names.Count == 2
                    ? $"property {names[0]} needs itself; take last({kind.Properties[first].Path.Replace('/', '.')}) for its value of the moment before"
                    : $"properties need each other in a circle, {string.Join(" needs ", names)}; take last(…) of one, which is its value of the moment before");
        }
    }
}
