/**
 * The adapters to AWS: SES, the DynamoDB table, SNS. The only package that knows the AWS SDK. It
 * maps, and decides nothing.
 */
@NullMarked
package mailfrom.aws;

import org.jspecify.annotations.NullMarked;
