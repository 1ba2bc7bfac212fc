namespace SocketRelay.Guard;

/// <summary>A question with what is needed to judge its answer.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Purpose">Why.</param>
/// <param name="Field">What named the object, for the text of a refusal.</param>
/// <param name="Hop">How many containers lie between the request and this one.</param>
/// <param name="Edit">For the first container of a chain that a body names: where its name stands.</param>
/// <param name="Detail">For <see cref="InquiryPurpose.IsHostNetwork"/> the id that was named, for
/// <see cref="InquiryPurpose.EnterVolume"/> the mount's source on the host, for <see cref="InquiryPurpose.Rollback"/> and
/// <see cref="InquiryPurpose.UseKeptCredentials"/> the version that was named.</param>
/// <param name="Image">For <see cref="InquiryPurpose.UseKeptCredentials"/> what the update says of the image.</param>
internal sealed record PendingQuestion(
    GuardQuestion Question, InquiryPurpose Purpose, string Field, int Hop = 0, NameToReplace? Edit = null, string? Detail = null, ServiceImage? Image = null);
