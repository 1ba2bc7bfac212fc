namespace SocketRelay.Tests.Image;

/// <summary>Removes the archive of the image, and stops its builder, once all tests of this folder are over.</summary>
[SetUpFixture]
public sealed class ImageArchive
{
    /// <summary>Removes and stops what was made.</summary>
    [OneTimeTearDown]
    public void Remove()
    {
        BuiltImage.Remove();
        ImageBuilder.StopShared();
    }
}
