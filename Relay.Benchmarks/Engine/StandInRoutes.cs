namespace SocketRelay.Benchmarks.Engine;

/// <summary>Which fixed answer a request gets. The path comes without version prefix.</summary>
internal static class StandInRoutes
{
    /// <summary>The answer to a request that opens no stream.</summary>
    public static byte[] AnswerOf(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        bool isGet = method.SequenceEqual("GET"u8);
        if (path.SequenceEqual("/containers/json"u8))
            return EngineAnswers.Containers;
        if (path.SequenceEqual("/_ping"u8))
            return isGet ? EngineAnswers.Ping : EngineAnswers.PingHead;
        if (path.SequenceEqual("/version"u8))
            return EngineAnswers.Version;
        if (path.SequenceEqual("/info"u8))
            return EngineAnswers.Info;
        if (path.SequenceEqual("/images/json"u8))
            return EngineAnswers.Images;
        if (path.SequenceEqual("/networks"u8))
            return EngineAnswers.Networks;
        if (path.SequenceEqual("/volumes"u8))
            return EngineAnswers.Volumes;
        if (path.StartsWith("/exec/"u8) && path.EndsWith("/json"u8))
            return EngineAnswers.Exec;
        if (path.SequenceEqual("/build"u8) || path.SequenceEqual("/images/load"u8) || path.EndsWith("/archive"u8))
            return EngineAnswers.Stored;
        return path.StartsWith("/containers/"u8) ? OfContainer(method, path["/containers".Length..]) : EngineAnswers.NotFound;
    }

    private static byte[] OfContainer(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        if (method.SequenceEqual("GET"u8))
            return path.EndsWith("/json"u8) ? EngineAnswers.Container : EngineAnswers.NotFound;
        if (path.SequenceEqual("/create"u8))
            return EngineAnswers.Created;
        if (path.EndsWith("/exec"u8))
            return EngineAnswers.ExecCreated;
        return path.EndsWith("/wait"u8) ? EngineAnswers.Waited : EngineAnswers.NoContent;
    }
}
