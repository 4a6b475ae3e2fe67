/**
 * The adapters to AWS (SES, the DynamoDB table, SNS), and the only package that knows the AWS SDK:
 * it maps, and decides nothing.
 */
@NullMarked
package mailfrom.aws;

import org.jspecify.annotations.NullMarked;
